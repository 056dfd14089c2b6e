package dev.auspex.router.query;

import dev.auspex.protocol.AccountId;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Which usage is wanted.
 *
 * @param account whose; {@code null} for everybody's
 * @param from the first day, in UTC
 * @param to the last day
 */
public record UsageQuery(@Nullable AccountId account, LocalDate from, LocalDate to) {}
