package dev.auspex.router.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.event.AttemptEvent;
import java.util.Optional;

/**
 * What becomes of news that would make a prediction too large to be kept: it ends as failed, with a text that says why
 * and the end of its log, instead of stopping everybody else's. Pure.
 */
public final class SizeRule {

    /** How much of an oversize log is kept, in characters. */
    private static final int LOG_TAIL = 4_096;

    private SizeRule() {}

    /**
     * A smaller input to apply instead.
     *
     * @param limit the largest size in bytes, for the text
     * @return empty if the input can only be left out
     */
    public static Optional<PredictionInput> smaller(PredictionInput input, int limit) {
        if (!(input instanceof PredictionInput.AttemptReported(AttemptEvent event))
                || !(event.body() instanceof AttemptEvent.Terminal end)) {
            return Optional.empty();
        }
        String logs = end.logs();
        AttemptEvent.Failed failed = new AttemptEvent.Failed(
                "The prediction's input, output and logs together are larger than " + (limit >> 20) + " MiB.",
                null,
                logs.substring(Math.max(0, logs.length() - LOG_TAIL)),
                predictTime(end.metrics()),
                end.startedAt(),
                false,
                false);
        return Optional.of(new PredictionInput.AttemptReported(new AttemptEvent(
                event.prediction(), event.account(), event.attempt(), event.executor(), event.time(), failed,
                event.round())));
    }

    private static ObjectNode predictTime(ObjectNode metrics) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        JsonNode time = metrics.get("predict_time");
        if (time != null) {
            kept.set("predict_time", time);
        }
        return kept;
    }
}
