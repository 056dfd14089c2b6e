package dev.auspex.router.query;

import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import org.jspecify.annotations.Nullable;

/**
 * A prediction as a gateway gets it.
 *
 * @param id which
 * @param json the API's object; never changed
 * @param status where it stands, {@code aborted} included
 * @param sequence the number of the newest snapshot
 * @param attempt whose output is shown; {@code null} before the first
 */
public record PredictionView(
        PredictionId id, byte[] json, PredictionStatus status, long sequence, @Nullable AttemptId attempt) {}
