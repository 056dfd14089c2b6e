package dev.auspex.executor.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.executor.domain.CanceledPredictions;
import dev.auspex.model.CanceledException;
import dev.auspex.model.DeviceLostException;
import dev.auspex.model.ModelException;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.runtime.metrics.Metric;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Runs jobs from decoded record to terminal event. One object serves all slots of a class; {@link #run} is called on a
 * slot's working thread with that slot's models.
 */
public final class JobRunner {

    /**
     * What runners of all classes share.
     *
     * @param executor this process
     * @param sink where events go
     * @param running what this process runs
     * @param canceled what must not begin
     * @param files inputs and outputs
     * @param timer sends what models yielded a moment ago
     * @param workFolder parent of the attempts' folders
     * @param clock the time
     * @param metrics where attempts are counted
     */
    public record Shared(
            ExecutorId executor,
            EventSink sink,
            RunningJobs running,
            CanceledPredictions canceled,
            JobFiles files,
            ScheduledExecutorService timer,
            Path workFolder,
            Clock clock,
            MeterRegistry metrics) {}

    /**
     * How a record was handed over.
     *
     * @param count how often the broker has handed the record out, this time included
     * @param last whether it may not be handed out again
     * @param alone whether the slot took this job alone, not in a batch of quick ones
     */
    public record Delivery(int count, boolean last, boolean alone) {}

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
    private static final int MAX_ERROR = 8 * 1024;

    private final Shared shared;
    private final HardwareClass hardware;
    private final Consumer<String> deviceLost;
    private final SecureRandom random = new SecureRandom();
    private final Timer overhead;
    private final Map<String, Counter> attempts = new ConcurrentHashMap<>();

    /** @param deviceLost told when the class's device can no longer be used */
    public JobRunner(Shared shared, HardwareClass hardware, Consumer<String> deviceLost) {
        this.shared = shared;
        this.hardware = hardware;
        this.deviceLost = deviceLost;
        this.overhead = Metric.EXECUTOR_OVERHEAD.timer(shared.metrics());
    }

    /**
     * Runs a job to its end.
     *
     * @param current holds the attempt while it is under way
     * @return done when the broker has the terminal event; fails if it could not be sent, or the slot gave the job up
     */
    public Future<?> run(
            Job job, Delivery delivery, LoadedModels models, AtomicReference<@Nullable Attempt> current)
            throws InterruptedException {
        long taken = System.nanoTime();
        if (shared.running().isFinished(job)) {
            LOG.atInfo().addKeyValue("prediction", job.id()).log("job handed out again after its end: not run");
            return CompletableFuture.completedFuture(null);
        }
        Attempt attempt = newAttempt(job);
        for (Attempt other = shared.running().begin(attempt); other != null; other = shared.running().begin(attempt)) {
            LOG.atWarn().addKeyValue("prediction", job.id()).log("job handed out again while it runs here: waiting for its end");
            if (other.awaitEnd(Duration.ofSeconds(1)) && shared.running().isFinished(job)) {
                return CompletableFuture.completedFuture(null);
            }
        }
        current.set(attempt);
        try {
            Outcome outcome = delivery.last()
                    ? new Outcome.Failure("the prediction was given to " + delivery.count()
                            + " workers and none of them lived to finish it", false, null)
                    : execute(attempt, models);
            attempt.stopped();
            return report(attempt, outcome, delivery, taken);
        } finally {
            current.set(null);
            shared.running().end(attempt);
        }
    }

    private Attempt newAttempt(Job job) {
        AttemptId id = AttemptId.create(shared.clock().instant(), random);
        Outbox outbox = new Outbox(
                shared.sink(),
                body -> AttemptEvent.of(job, id, shared.executor(), shared.clock().instant(), body),
                shared.timer());
        WorkFolder folder = new WorkFolder(shared.workFolder(), id.value());
        return new Attempt(job, id, outbox, folder, value -> shared.files().toJson(job, value), shared.clock());
    }

    private Outcome execute(Attempt attempt, LoadedModels models) {
        Job job = attempt.job();
        if (shared.canceled().contains(job.id(), job.account()) || attempt.isCanceled()) {
            return new Outcome.Stopped();
        }
        return switch (job.runner()) {
            case Runner.Builtin builtin -> builtin(attempt, builtin.model(), models);
            case Runner.CogUrl cog -> unsupported("cog-url");
            case Runner.CogDocker cog -> unsupported("cog-docker");
        };
    }

    private static Outcome unsupported(String kind) {
        return new Outcome.Failure("models of kind " + kind + " are not supported by this executor yet", false, null);
    }

    private Outcome builtin(Attempt attempt, String model, LoadedModels models) {
        Job job = attempt.job();
        try {
            LoadedModels.Prepared prepared = models.prepare(
                    model,
                    job.input(),
                    (field, url) -> shared.files().fetch(job, attempt.folder(), field, url));
            attempt.checkCanceled();
            attempt.begin();
            Object returned = prepared.run(attempt);
            JsonNode yielded = attempt.outbox().yielded();
            if (yielded != null) {
                return new Outcome.Success(yielded);
            }
            return new Outcome.Success(returned == null ? null : shared.files().toJson(job, returned));
        } catch (CanceledException e) {
            return attempt.isCanceled()
                    ? new Outcome.Stopped()
                    : new Outcome.Failure("the model stopped as if it had been canceled", false, e);
        } catch (ModelException e) {
            return new Outcome.Failure(message(e), false, e.getCause());
        } catch (OutputException e) {
            return new Outcome.Failure(message(e), e.retryable(), e.getCause());
        } catch (DeviceLostException e) {
            models.discard(model);
            deviceLost.accept(message(e));
            return new Outcome.Failure("the worker lost its device", true, e);
        } catch (OutOfMemoryError e) {
            models.discard(model);
            return new Outcome.Failure("the worker ran out of memory", true, e);
        } catch (LinkageError e) {
            models.discard(model);
            return new Outcome.Failure("the model cannot run on this worker: " + message(e), false, e);
        } catch (Exception | StackOverflowError | AssertionError e) {
            return new Outcome.Failure(message(e), false, e);
        }
    }

    private Future<?> report(Attempt attempt, Outcome outcome, Delivery delivery, long taken)
            throws InterruptedException {
        if (attempt.isAbandoned()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("the slot gave the job up"));
        }
        Future<?> sent = send(attempt, outcome);
        long overheadNanos = System.nanoTime() - taken - attempt.runNanos();
        overhead.record(overheadNanos, TimeUnit.NANOSECONDS);
        count(attempt.job(), outcome);
        log(attempt, outcome, delivery, overheadNanos);
        return sent;
    }

    private Future<?> send(Attempt attempt, Outcome outcome) {
        try {
            return shared.sink().send(event(attempt, terminal(attempt, outcome)));
        } catch (EventSink.EventTooLargeException e) {
            LOG.atWarn().addKeyValue("prediction", attempt.job().id()).setCause(e).log("output too large");
            AttemptEvent.Body failed = new AttemptEvent.Failed(
                    "the output is too large for a prediction; give large results as files",
                    null, attempt.outbox().logs(), attempt.metrics(), attempt.startedAt(), false, false);
            try {
                return shared.sink().send(event(attempt, failed));
            } catch (EventSink.EventTooLargeException impossible) {
                throw new IllegalStateException("a failure without output fits", impossible);
            }
        }
    }

    private AttemptEvent event(Attempt attempt, AttemptEvent.Body body) {
        return AttemptEvent.of(attempt.job(), attempt.id(), shared.executor(), shared.clock().instant(), body);
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
                        failure.retryable(),
                        false);
            case Outcome.Stopped stopped ->
                new AttemptEvent.Canceled(
                        attempt.outbox().yielded(), logs, attempt.metrics(), attempt.startedAt());
        };
    }

    private void count(Job job, Outcome outcome) {
        String model = job.model().toString();
        attempts.computeIfAbsent(
                        model + ' ' + outcome.word(),
                        key -> Metric.EXECUTOR_ATTEMPTS.counter(shared.metrics(), model, outcome.word()))
                .increment();
    }

    // One wide line per attempt; quick ones that succeeded only on request, thousands a second would cost more than they.
    private void log(Attempt attempt, Outcome outcome, Delivery delivery, long overheadNanos) {
        Job job = attempt.job();
        boolean quiet = outcome instanceof Outcome.Success && !delivery.alone();
        LoggingEventBuilder line = quiet ? LOG.atDebug() : LOG.atInfo();
        Instant began = attempt.startedAt() == null ? shared.clock().instant() : attempt.startedAt();
        line = line.addKeyValue("prediction", job.id())
                .addKeyValue("attempt", attempt.id())
                .addKeyValue("account", job.account())
                .addKeyValue("model", job.model())
                .addKeyValue("hardware", hardware)
                .addKeyValue("outcome", outcome.word())
                .addKeyValue("delivery", delivery.count())
                .addKeyValue("queue_ms", Duration.between(job.createdAt(), began).toMillis())
                .addKeyValue("run_ms", attempt.runNanos() / 1_000_000)
                .addKeyValue("overhead_us", overheadNanos / 1_000);
        if (outcome instanceof Outcome.Failure failure) {
            line = line.addKeyValue("retryable", failure.retryable());
            if (failure.cause() != null) {
                line = line.addKeyValue("cause", failure.cause().getClass().getName());
            }
        }
        line.log("attempt ended");
    }

    // A cause's text may hold a user's input: it reaches the client, never the log.
    private static String message(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        return message.length() <= MAX_ERROR ? message : message.substring(0, MAX_ERROR) + "…";
    }
}
