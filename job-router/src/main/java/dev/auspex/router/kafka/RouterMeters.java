package dev.auspex.router.kafka;

import dev.auspex.protocol.PredictionStatus;
import dev.auspex.router.domain.Decision.Reason;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.domain.Result;
import dev.auspex.runtime.metrics.Metric;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The router's meters, looked up once and kept: building one costs more than a transition. Safe for any thread. */
public final class RouterMeters {

    /** The tag of records that could not be read. */
    private static final String UNREADABLE = "unreadable";

    private final MeterRegistry registry;
    private final Map<String, ModelMeters> models = new ConcurrentHashMap<>();
    private final Map<Reason, Counter> dropped = new EnumMap<>(Reason.class);
    private final Counter unreadable;
    private final Counter requeued;
    private final Counter buried;

    private record ModelMeters(Timer queue, Timer run, Map<PredictionStatus, Counter> completed) {}

    public RouterMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Reason reason : Reason.values()) {
            dropped.put(reason, Metric.EVENTS_DROPPED.counter(registry, reason.tag()));
        }
        this.unreadable = Metric.EVENTS_DROPPED.counter(registry, UNREADABLE);
        this.requeued = Metric.JOBS_REQUEUED.counter(registry);
        this.buried = Metric.JOBS_DEAD.counter(registry);
    }

    void dropped(Reason reason) {
        Counter counter = dropped.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    void unreadable() {
        unreadable.increment();
    }

    void requeued() {
        requeued.increment();
    }

    void buried() {
        buried.increment();
    }

    void completed(PredictionState.Known state) {
        ModelMeters meters = models.computeIfAbsent(state.job().model().toString(), this::meters);
        Counter counter = meters.completed().get(state.status());
        if (counter != null) {
            counter.increment();
        }
        Result result = state.result();
        record(meters.queue(), state.job().createdAt(), result.startedAt());
        record(meters.run(), result.startedAt(), result.completedAt());
    }

    // Clocks of different machines differ a little: less than nothing counts as nothing.
    private static void record(Timer timer, @Nullable Instant from, @Nullable Instant to) {
        if (from != null && to != null) {
            Duration duration = Duration.between(from, to);
            timer.record(duration.isNegative() ? Duration.ZERO : duration);
        }
    }

    private ModelMeters meters(String model) {
        Map<PredictionStatus, Counter> completed = new EnumMap<>(PredictionStatus.class);
        for (PredictionStatus status : PredictionStatus.values()) {
            if (status.isTerminal()) {
                completed.put(status, Metric.PREDICTIONS_COMPLETED.counter(registry, model, status.wireName()));
            }
        }
        return new ModelMeters(
                Metric.PREDICTION_QUEUE.timer(registry, model),
                Metric.PREDICTION_RUN.timer(registry, model),
                completed);
    }
}
