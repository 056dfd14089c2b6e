package dev.auspex.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prediction as clients see it at one moment: what GET answers, what a webhook carries and what the
 * {@code predictions} topic holds, rendered by {@link dev.auspex.protocol.json.PredictionJson}. Treat the JSON nodes as
 * immutable.
 *
 * @param job what was submitted
 * @param status where it stands
 * @param output the output so far; {@code null} while there is none
 * @param error the message of a failure; {@code null} otherwise
 * @param logs the log text so far
 * @param startedAt when the model began; {@code null} before that
 * @param completedAt when the terminal status was reached; {@code null} before that
 * @param metrics {@code predict_time} in seconds and what the model recorded; {@code null} before the end
 * @param attempts who tried to run it, oldest first; the newest ones if there were many
 * @param dataRemoved whether input, output and logs have been emptied because they were kept long enough
 */
public record Prediction(
        Job job,
        PredictionStatus status,
        @Nullable JsonNode output,
        @Nullable String error,
        String logs,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable ObjectNode metrics,
        List<Attempt> attempts,
        boolean dataRemoved) {

    /** Copies the list. */
    public Prediction {
        attempts = List.copyOf(attempts);
    }

    /** The prediction right after it was accepted. */
    public static Prediction starting(Job job) {
        return new Prediction(job, PredictionStatus.STARTING, null, null, "", null, null, null, List.of(), false);
    }
}
