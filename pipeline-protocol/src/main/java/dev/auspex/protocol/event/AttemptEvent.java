package dev.auspex.protocol.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something an attempt did, as a past participle: the value of an {@code events} record, keyed by prediction id.
 *
 * <p>A terminal event stands by itself: it repeats the start time and carries the whole output and log, so a reader that
 * saw nothing before it still arrives at the right state. An attempt that ends within milliseconds may therefore skip
 * {@link Started}. Shapes only ever grow: readers ignore unknown fields.
 *
 * @param prediction whose attempt
 * @param account its owner
 * @param attempt which attempt
 * @param executor who makes it
 * @param time by the executor's clock
 * @param body what happened
 * @param round the {@link Job#attempt} of the job record that the attempt was made from. The router has the newest round
 *     in the prediction's state: what an executor begins, loses or returns of an older one does not count any more
 */
public record AttemptEvent(
        PredictionId prediction,
        AccountId account,
        AttemptId attempt,
        ExecutorId executor,
        Instant time,
        Body body,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int round) {

    /** Of an attempt that was made from the submission itself. */
    public AttemptEvent(
            PredictionId prediction,
            AccountId account,
            AttemptId attempt,
            ExecutorId executor,
            Instant time,
            Body body) {
        this(prediction, account, attempt, executor, time, body, 0);
    }

    /** Of an attempt that was made from this job record. */
    public static AttemptEvent of(Job job, AttemptId attempt, ExecutorId executor, Instant time, Body body) {
        return new AttemptEvent(job.id(), job.account(), attempt, executor, time, body, job.attempt());
    }

    /** The same event at another time. */
    public AttemptEvent at(Instant otherTime) {
        return new AttemptEvent(prediction, account, attempt, executor, otherTime, body, round);
    }

    /** What happened. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Redelivered.class, name = "redelivered"),
        @JsonSubTypes.Type(value = Returned.class, name = "returned"),
        @JsonSubTypes.Type(value = Started.class, name = "started"),
        @JsonSubTypes.Type(value = Renewed.class, name = "renewed"),
        @JsonSubTypes.Type(value = OutputAppended.class, name = "output-appended"),
        @JsonSubTypes.Type(value = LogsAppended.class, name = "logs-appended"),
        @JsonSubTypes.Type(value = Progressed.class, name = "progressed"),
        @JsonSubTypes.Type(value = Succeeded.class, name = "succeeded"),
        @JsonSubTypes.Type(value = Failed.class, name = "failed"),
        @JsonSubTypes.Type(value = Canceled.class, name = "canceled")
    })
    public sealed interface Body {}

    /** An event after which the attempt does nothing more. */
    public sealed interface Terminal extends Body {
        /** When the model began; {@code null} if it never did. */
        @Nullable Instant startedAt();

        /** The whole log text. */
        String logs();

        /** {@code predict_time} in seconds and what the model recorded. */
        ObjectNode metrics();
    }

    /**
     * The broker handed the job out again: whoever had it before did not end it. Nothing was begun and the record has
     * been accepted: whether there is another try is the router's decision.
     *
     * @param deliveries how often the record has been handed out, as far as the broker remembers; at least 2, or 1 if the
     *     executor itself remembers an earlier try
     */
    public record Redelivered(int deliveries) implements Body {}

    /**
     * The executor stops in good order and gives the job back, begun or not. The record has been accepted; this does not
     * count as a try.
     */
    public record Returned() implements Body {}

    /** The model began. */
    public record Started() implements Body {}

    /** The attempt still runs: its executor lives. Sent every few seconds from the start of an attempt that is not quick. */
    public record Renewed() implements Body {}

    /**
     * An iterator model yielded.
     *
     * @param index how many chunks of this attempt came before
     * @param chunks the new ones, at least one
     */
    public record OutputAppended(int index, List<JsonNode> chunks) implements Body {
        /** Copies the chunks. */
        public OutputAppended {
            chunks = List.copyOf(chunks);
        }
    }

    /**
     * The model logged.
     *
     * @param offset how many characters (UTF-16 units) of this attempt's log came before
     * @param text the new text
     */
    public record LogsAppended(int offset, String text) implements Body {}

    /** The model reported how far it is. @param fraction 0 to 1 */
    public record Progressed(double fraction) implements Body {}

    /** The model ended. @param output all of it; {@code null} if the model returned nothing */
    public record Succeeded(
            @Nullable JsonNode output, String logs, ObjectNode metrics, @Nullable Instant startedAt)
            implements Terminal {}

    /**
     * The attempt failed.
     *
     * @param error the text for the client
     * @param output what an iterator model had yielded; {@code null} for nothing
     * @param retryable whether the cause was the platform's (worker lost, out of memory) and not the model's or the
     *     input's
     * @param workerLost whether the worker that ran it could not go on after it
     */
    public record Failed(
            String error,
            @Nullable JsonNode output,
            String logs,
            ObjectNode metrics,
            @Nullable Instant startedAt,
            boolean retryable,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean workerLost)
            implements Terminal {}

    /** The attempt was stopped on request, or not begun because of it. @param output what had been yielded */
    public record Canceled(
            @Nullable JsonNode output, String logs, ObjectNode metrics, @Nullable Instant startedAt)
            implements Terminal {}
}
