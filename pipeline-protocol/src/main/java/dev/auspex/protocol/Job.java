package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The whole accepted request: the value of a {@code jobs.<class>} record. It <em>is</em> the submission; nothing else is
 * written when a prediction is created. Treat {@code input} as immutable.
 *
 * @param id the prediction
 * @param account who submitted it
 * @param model the model's name
 * @param version the exact version to run
 * @param runner how to run it
 * @param hardware the class whose topic carries the job
 * @param input validated against the version's schema, defaults not filled in
 * @param webhook where to send events; {@code null} for none
 * @param createdAt when the gateway accepted it
 * @param deadline when it must have ended; {@code null} for never
 * @param source {@code api} or {@code web}
 * @param baseUrl the API's public address without a trailing slash, for building file URLs
 * @param urls what {@code urls} shows
 * @param attempt how often the router has put the job into a topic again; 0 for the submission itself
 * @param traceparent W3C trace context of the create request; {@code null} for none
 * @param limits what the model allowed when it was submitted; records without them have the default ones
 * @param replayOf what it repeats; {@code null} for a submission of its own
 * @param deployment through which it was submitted; {@code null} for none
 * @param priority before or behind others; records without one have the normal one
 * @param suspect whether a worker was lost while it ran this: the next one runs one such job at a time
 */
public record Job(
        PredictionId id,
        AccountId account,
        ModelName model,
        VersionId version,
        Runner runner,
        HardwareClass hardware,
        ObjectNode input,
        @Nullable Webhook webhook,
        Instant createdAt,
        @Nullable Instant deadline,
        String source,
        String baseUrl,
        PredictionUrls urls,
        int attempt,
        @Nullable String traceparent,
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = DefaultLimits.class) JobLimits limits,
        @Nullable ReplayOf replayOf,
        @Nullable DeploymentName deployment,
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = NormalPriority.class) Priority priority,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean suspect) {

    /** Fills in what records of earlier releases do not have. */
    @SuppressWarnings("NullAway") // Jackson passes null for what is missing
    public Job {
        limits = limits == null ? JobLimits.DEFAULT : limits;
        priority = priority == null ? Priority.NORMAL : priority;
    }

    /** A job of normal priority. */
    public Job(
            PredictionId id,
            AccountId account,
            ModelName model,
            VersionId version,
            Runner runner,
            HardwareClass hardware,
            ObjectNode input,
            @Nullable Webhook webhook,
            Instant createdAt,
            @Nullable Instant deadline,
            String source,
            String baseUrl,
            PredictionUrls urls,
            int attempt,
            @Nullable String traceparent,
            JobLimits limits,
            @Nullable ReplayOf replayOf,
            @Nullable DeploymentName deployment) {
        this(
                id, account, model, version, runner, hardware, input, webhook, createdAt, deadline, source, baseUrl, urls,
                attempt, traceparent, limits, replayOf, deployment, Priority.NORMAL, false);
    }

    /** The same job as the router puts it into a topic again: the next {@code round}. @param number counts from 1 */
    public Job again(int number) {
        return with(input, number, limits, priority, suspect);
    }

    /** The same job, of which it is known that a worker was lost while it ran it. */
    public Job asSuspect() {
        return with(input, attempt, limits, priority, true);
    }

    /** The same job with nothing left of its input. */
    public Job withoutInput() {
        return with(JsonNodeFactory.instance.objectNode(), attempt, limits, priority, suspect);
    }

    /**
     * The same job without its model's queue limit: it was started in time once, and what happened then is no fault of
     * whoever runs it next.
     */
    public Job startedOnce() {
        return limits.queue() == null
                ? this
                : with(
                        input,
                        attempt,
                        new JobLimits(limits.attempts(), null, limits.run(), limits.retryModelErrors()),
                        priority,
                        suspect);
    }

    /** The same job with this priority. */
    public Job with(Priority other) {
        return with(input, attempt, limits, other, suspect);
    }

    // The one place that repeats the fields: what may change is named, everything else stays.
    private Job with(ObjectNode input, int attempt, JobLimits limits, Priority priority, boolean suspect) {
        return new Job(
                id, account, model, version, runner, hardware, input, webhook, createdAt, deadline, source, baseUrl, urls,
                attempt, traceparent, limits, replayOf, deployment, priority, suspect);
    }

    /** When it must have been started, by its own deadline and its model's queue limit; {@code null} for never. */
    @JsonIgnore
    public @Nullable Instant startBy() {
        Instant limit = limits.queue() == null ? null : createdAt.plus(limits.queue());
        if (limit == null || deadline == null) {
            return limit == null ? deadline : limit;
        }
        return limit.isBefore(deadline) ? limit : deadline;
    }
}
