package dev.auspex.runtime.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Every metric there is; the page in the docs is generated from it. Tags are small closed sets: never an id, a URL or a
 * user's text.
 */
public enum Metric {
    HTTP_REQUESTS("auspex.http.requests", Type.TIMER, List.of("route", "status"), "API requests by route and HTTP status."),
    // Not "created": Prometheus reserves that ending and drops it from the name.
    PREDICTIONS_CREATED("auspex.predictions.accepted", Type.COUNTER, List.of("model"), "Predictions accepted into Kafka."),
    PREDICTIONS_REPEATED("auspex.predictions.repeated", Type.COUNTER, List.of(), "Creates that were answered with the prediction of an earlier, equal request."),
    PREDICTIONS_COMPLETED("auspex.predictions.completed", Type.COUNTER, List.of("model", "status"), "Predictions that reached a terminal status."),
    PREDICTION_QUEUE("auspex.prediction.queue", Type.TIMER, List.of("model"), "From acceptance to the model's start."),
    PREDICTION_RUN("auspex.prediction.run", Type.TIMER, List.of("model"), "From the model's start to its end."),
    EVENTS_DROPPED("auspex.router.events.dropped", Type.COUNTER, List.of("reason"), "Events the router did not apply: late, from an older attempt, unreadable."),
    JOBS_HELD("auspex.router.jobs.held", Type.GAUGE, List.of(), "Jobs of low priority that this router holds back."),
    JOBS_REQUEUED("auspex.router.jobs.requeued", Type.COUNTER, List.of(), "Jobs the router put into a queue again after an attempt failed, was lost or was given back."),
    JOBS_DEAD("auspex.router.jobs.dead", Type.COUNTER, List.of(), "Jobs the router gave up and moved to the dead jobs."),
    REPLAY_PREDICTIONS("auspex.replay.predictions", Type.COUNTER, List.of("outcome"), "Predictions that replays have met: submitted, or the reason for skipping."),
    STREAMS_OPEN("auspex.streams.open", Type.GAUGE, List.of(), "Event streams being read by clients."),
    EXECUTOR_SLOTS("auspex.executor.slots", Type.GAUGE, List.of("state"), "Slots by state: free or busy."),
    EXECUTOR_ATTEMPTS("auspex.executor.attempts", Type.COUNTER, List.of("model", "outcome"), "Attempts by how they ended."),
    EXECUTOR_OVERHEAD("auspex.executor.overhead", Type.TIMER, List.of(), "Time an attempt spends in the executor outside the model."),
    EXECUTOR_SETUP("auspex.executor.setup", Type.TIMER, List.of("model"), "How long setting a model up takes."),
    EXECUTOR_EVICTIONS("auspex.executor.evictions", Type.COUNTER, List.of("model"), "Models unloaded to make room for others."),
    EXECUTOR_MODELS("auspex.executor.models", Type.GAUGE, List.of("hardware", "state"), "Models that are loaded, by state: ready or broken."),
    EXECUTOR_MODEL_BYTES("auspex.executor.model.bytes", Type.GAUGE, List.of("hardware"), "Device memory that the loaded models say they take."),
    EXECUTOR_COG_SERVERS("auspex.executor.cog.servers", Type.GAUGE, List.of("state"), "Cog servers that are kept, run or lately used, by state: Cog's words, waiting or absent."),
    EXECUTOR_DEVICE_BYTES("auspex.executor.device.bytes", Type.GAUGE, List.of("hardware"), "Memory of the device."),
    WORKERS("auspex.workers.known", Type.GAUGE, List.of("state"), "Executors as gateways hear of them, by state: ready, not_ready or lost."),
    WEBHOOK_ATTEMPTS("auspex.webhook.attempts", Type.COUNTER, List.of("event", "outcome"), "Webhook requests by event and outcome."),
    WEBHOOK_DURATION("auspex.webhook.duration", Type.TIMER, List.of(), "How long a webhook request takes."),
    WEBHOOK_LATENCY("auspex.webhook.latency", Type.TIMER, List.of("event"), "From the snapshot to the first successful delivery."),
    WEBHOOK_PENDING("auspex.webhook.pending", Type.GAUGE, List.of(), "Deliveries that wait for their next attempt."),
    WEBHOOK_CIRCUITS("auspex.webhook.circuits", Type.GAUGE, List.of(), "Receivers that fail or asked for a pause and are left in peace or probed."),
    WEBHOOK_GIVEN_UP("auspex.webhook.given.up", Type.COUNTER, List.of("event"), "Deliveries abandoned after the last attempt.");

    /** The kind of meter. */
    public enum Type {
        COUNTER, GAUGE, TIMER
    }

    private final String id;
    private final Type type;
    private final List<String> tags;
    private final String meaning;

    Metric(String id, Type type, List<String> tags, String meaning) {
        this.id = id;
        this.type = type;
        this.tags = tags;
        this.meaning = meaning;
    }

    /** The name in Micrometer's form; Prometheus shows dots as underscores and adds the unit. */
    public String id() {
        return id;
    }

    /** The kind of meter. */
    public Type type() {
        return type;
    }

    /** The names of its tags, in the order in which values are given. */
    public List<String> tags() {
        return tags;
    }

    /** One sentence for the docs. */
    public String meaning() {
        return meaning;
    }

    /** The counter with these tag values; keep it where the path is hot. */
    public Counter counter(MeterRegistry registry, String... values) {
        return Counter.builder(id).description(meaning).tags(pairs(values)).register(registry);
    }

    /** The timer with these tag values, with buckets for percentiles over all processes. */
    public Timer timer(MeterRegistry registry, String... values) {
        return Timer.builder(id)
                .description(meaning)
                .tags(pairs(values))
                .serviceLevelObjectives(
                        Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(20),
                        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofSeconds(1),
                        Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1))
                .register(registry);
    }

    /** A gauge that asks the supplier at every scrape. */
    public void gauge(MeterRegistry registry, Supplier<Number> value, String... values) {
        Gauge.builder(id, value).description(meaning).tags(pairs(values)).register(registry);
    }

    private String[] pairs(String... values) {
        if (values.length != tags.size()) {
            throw new IllegalArgumentException(id + " has the tags " + tags);
        }
        List<String> pairs = new ArrayList<>(values.length * 2);
        for (int i = 0; i < values.length; i++) {
            pairs.add(tags.get(i));
            pairs.add(values[i]);
        }
        return pairs.toArray(String[]::new);
    }
}
