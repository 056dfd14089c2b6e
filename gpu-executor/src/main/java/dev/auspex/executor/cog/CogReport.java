package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.model.PredictionContext;
import org.jspecify.annotations.Nullable;

/** Passes on what a Cog server tells of one prediction: output and logs at once, metrics and the rest at the end. One thread. */
final class CogReport {

    private final PredictionContext context;
    private final SnapshotMerge merge;
    private final CogOutputs outputs;
    private final StringBuilder line = new StringBuilder();

    CogReport(PredictionContext context, boolean iterator, CogOutputs outputs) {
        this.context = context;
        this.merge = new SnapshotMerge(iterator);
        this.outputs = outputs;
    }

    /** How it ended, once it has. */
    @Nullable Snapshot end() {
        return merge.end();
    }

    void take(Snapshot snapshot) throws ModelException {
        pass(merge.accept(snapshot));
    }

    /** Takes an event of a stream. @param logIndex how many log events came before it */
    void event(String name, JsonNode data, int logIndex) throws ModelException {
        switch (name) {
            case "output" -> pass(merge.chunk(data.path("index").asInt(-1), data.path("chunk")));
            case "log" -> pass(merge.log(logIndex, data.path("data").asText()));
            case "completed" -> take(Snapshot.of(data));
            default -> {
                // "start" says nothing new, "metric" comes again at the end, "error" tells of lost history, which the end repairs
            }
        }
    }

    private void pass(SnapshotMerge.Delta delta) throws ModelException {
        for (JsonNode chunk : delta.chunks()) {
            context.yield(outputs.convert(chunk));
        }
        log(delta.logs());
    }

    // Whole lines: the next snapshot may bring the rest of one.
    private void log(String text) {
        line.append(text);
        int end = line.lastIndexOf("\n");
        if (end >= 0) {
            context.log(line.substring(0, end + 1));
            line.delete(0, end + 1);
        }
    }

    /**
     * What the end means.
     *
     * @return the output; {@code null} for none, or if it has been passed on bit by bit
     * @throws ModelException if the model failed
     * @throws CanceledException if it was canceled
     */
    @Nullable Object finish() throws ModelException, CanceledException {
        Snapshot end = java.util.Objects.requireNonNull(merge.end(), "not ended yet");
        if (!line.isEmpty()) {
            context.log(line.toString());
        }
        metrics("", end.metrics());
        return switch (end.status()) {
            case "canceled" -> throw new CanceledException();
            case "failed" -> throw new ModelException(end.error() == null || end.error().isBlank() ? "the model failed and gave no reason" : end.error());
            default -> end.output() == null || merge.hasChunks() ? null : outputs.convert(end.output());
        };
    }

    // The executor measures how long it ran by itself, the same way for every kind of model.
    private void metrics(String prefix, JsonNode metrics) {
        metrics.properties().forEach(metric -> {
            String name = prefix + metric.getKey();
            if (metric.getValue().isIntegralNumber()) {
                context.metric(name, metric.getValue().longValue());
            } else if (metric.getValue().isNumber() && !name.equals("predict_time")) {
                context.metric(name, metric.getValue().doubleValue());
            } else if (metric.getValue().isObject()) {
                metrics(name + ".", metric.getValue());
            }
        });
    }
}
