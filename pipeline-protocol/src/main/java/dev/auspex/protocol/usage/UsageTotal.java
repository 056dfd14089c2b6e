package dev.auspex.protocol.usage;

import java.time.Duration;

/**
 * Attempts added up. Immutable; safe for any thread.
 *
 * @param attempts how many
 * @param ran how long they were on the hardware
 * @param billed how much of that is billed
 * @param cost what is asked for it
 */
public record UsageTotal(long attempts, Duration ran, Duration billed, Money cost) {

    /** Nothing. */
    public static final UsageTotal ZERO = new UsageTotal(0, Duration.ZERO, Duration.ZERO, Money.ZERO);

    /** The sum. */
    public UsageTotal plus(UsageTotal other) {
        return new UsageTotal(
                attempts + other.attempts, ran.plus(other.ran), billed.plus(other.billed), cost.plus(other.cost));
    }
}
