package dev.auspex.executor.run;

import dev.auspex.executor.run.Outcome.Blame;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.runtime.metrics.Metric;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Tells how attempts ended: to Kafka, to the metrics, to the log. Safe for any thread. */
final class Reports {

    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final ExecutorId executor;
    private final HardwareClass hardware;
    private final EventSink sink;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final Timer overhead;
    private final Map<String, Counter> attempts = new ConcurrentHashMap<>();

    Reports(ExecutorId executor, HardwareClass hardware, EventSink sink, Clock clock, MeterRegistry metrics) {
        this.executor = executor;
        this.hardware = hardware;
        this.sink = sink;
        this.clock = clock;
        this.metrics = metrics;
        this.overhead = Metric.EXECUTOR_OVERHEAD.timer(metrics);
    }

    /** The job was handed out before. @return done when Kafka has it */
    Future<?> redelivered(Attempt attempt, int deliveries) {
        count(attempt.job(), "redelivered");
        LOG.atWarn()
                .addKeyValue("prediction", attempt.job().id())
                .addKeyValue("delivery", deliveries)
                .log("job handed out again: not run, the router decides");
        return sendSmall(attempt, new AttemptEvent.Redelivered(deliveries));
    }

    /** The job is given back in good order. @return done when Kafka has it */
    Future<?> returned(Attempt attempt) {
        count(attempt.job(), "returned");
        return sendSmall(attempt, new AttemptEvent.Returned());
    }

    /**
     * The end.
     *
     * @param takenNanos when the record was taken, by {@link System#nanoTime}
     * @return done when Kafka has it
     */
    Future<?> ended(Attempt attempt, Outcome outcome, JobRunner.Delivery delivery, long takenNanos) {
        Future<?> sent = send(attempt, outcome);
        long overheadNanos = System.nanoTime() - takenNanos - attempt.runNanos();
        overhead.record(overheadNanos, TimeUnit.NANOSECONDS);
        count(attempt.job(), outcome.word());
        log(attempt, outcome, delivery, overheadNanos);
        return sent;
    }

    private Future<?> send(Attempt attempt, Outcome outcome) {
        try {
            return sink.send(event(attempt, terminal(attempt, outcome)));
        } catch (EventSink.EventTooLargeException e) {
            LOG.atWarn().addKeyValue("prediction", attempt.job().id()).setCause(e).log("output too large");
            return sendSmall(attempt, new AttemptEvent.Failed(
                    "the output is too large for a prediction; give large results as files",
                    null, attempt.outbox().logs(), attempt.metrics(), attempt.startedAt(), false, false));
        }
    }

    private Future<?> sendSmall(Attempt attempt, AttemptEvent.Body body) {
        try {
            return sink.send(event(attempt, body));
        } catch (EventSink.EventTooLargeException impossible) {
            throw new IllegalStateException("an event without output fits", impossible);
        }
    }

    private AttemptEvent event(Attempt attempt, AttemptEvent.Body body) {
        return AttemptEvent.of(attempt.job(), attempt.id(), executor, clock.instant(), body);
    }

    private static AttemptEvent.Terminal terminal(Attempt attempt, Outcome outcome) {
        String logs = attempt.outbox().logs();
        return switch (outcome) {
            case Outcome.Success success ->
                new AttemptEvent.Succeeded(success.output(), logs, attempt.metrics(), attempt.startedAt());
            case Outcome.Failure failure ->
                new AttemptEvent.Failed(
                        failure.error(),
                        attempt.outbox().yielded(),
                        logs,
                        attempt.metrics(),
                        attempt.startedAt(),
                        failure.blame() != Blame.MODEL,
                        failure.blame() == Blame.WORKER);
            case Outcome.Stopped stopped ->
                new AttemptEvent.Canceled(
                        attempt.outbox().yielded(), logs, attempt.metrics(), attempt.startedAt());
        };
    }

    private void count(Job job, String outcome) {
        String model = job.model().toString();
        attempts.computeIfAbsent(
                        model + ' ' + outcome, key -> Metric.EXECUTOR_ATTEMPTS.counter(metrics, model, outcome))
                .increment();
    }

    // One wide line per attempt; quick ones that succeeded only on request, thousands a second would cost more than they.
    private void log(Attempt attempt, Outcome outcome, JobRunner.Delivery delivery, long overheadNanos) {
        Job job = attempt.job();
        boolean quiet = outcome instanceof Outcome.Success && !delivery.alone();
        LoggingEventBuilder line = quiet ? LOG.atDebug() : LOG.atInfo();
        Instant began = attempt.startedAt() == null ? clock.instant() : attempt.startedAt();
        line = line.addKeyValue("prediction", job.id())
                .addKeyValue("attempt", attempt.id())
                .addKeyValue("number", job.attempt())
                .addKeyValue("account", job.account())
                .addKeyValue("model", job.model())
                .addKeyValue("hardware", hardware)
                .addKeyValue("outcome", outcome.word())
                .addKeyValue("queue_ms", Duration.between(job.createdAt(), began).toMillis())
                .addKeyValue("run_ms", attempt.runNanos() / 1_000_000)
                .addKeyValue("overhead_us", overheadNanos / 1_000);
        if (outcome instanceof Outcome.Failure failure) {
            line = line.addKeyValue("blame", failure.blame());
            if (failure.cause() != null) {
                line = line.addKeyValue("cause", failure.cause().getClass().getName());
            }
        } else if (outcome instanceof Outcome.Stopped) {
            line = line.addKeyValue("reason", attempt.stopReason());
        }
        line.log("attempt ended");
    }
}
