package dev.auspex.executor.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.model.CanceledException;
import dev.auspex.model.PredictionContext;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.json.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One try to run one job: the model's {@link PredictionContext} on one side, the slot's handle on the other. The model's
 * methods belong to its thread; {@link #cancel}, {@link #announce} and {@link #abandon} to any.
 */
public final class Attempt implements PredictionContext {

    private final Job job;
    private final AttemptId id;
    private final Outbox outbox;
    private final WorkFolder folder;
    private final Function<Object, JsonNode> toJson;
    private final Clock clock;
    private final long deadlineNanos;
    private final boolean hasDeadline;
    private final ObjectNode metrics = Json.object();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition canceledNow = lock.newCondition();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean canceled;
    private volatile boolean abandoned;
    private volatile @Nullable Instant startedAt;
    private boolean announceAtStart;
    private long startNanos;
    private long runNanos;

    Attempt(
            Job job, AttemptId id, Outbox outbox, WorkFolder folder, Function<Object, JsonNode> toJson, Clock clock) {
        this.job = job;
        this.id = id;
        this.outbox = outbox;
        this.folder = folder;
        this.toJson = toJson;
        this.clock = clock;
        this.hasDeadline = job.deadline() != null;
        this.deadlineNanos = job.deadline() == null
                ? 0
                : System.nanoTime() + Duration.between(clock.instant(), job.deadline()).toNanos();
    }

    /** What is run. */
    public Job job() {
        return job;
    }

    /** Which try this is. */
    public AttemptId id() {
        return id;
    }

    /** Asks the model to stop; a pause ends at once. */
    public void cancel() {
        lock.lock();
        try {
            canceled = true;
            canceledNow.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The slot gives the job up: the model is asked to stop, and nothing more is reported. */
    public void abandon() {
        abandoned = true;
        outbox.close();
        cancel();
    }

    /** Makes sure that the world knows of this attempt as soon as the model runs. */
    public void announce() {
        Instant begun;
        synchronized (this) {
            announceAtStart = true;
            begun = startedAt;
        }
        if (begun != null) {
            outbox.announce(begun);
        }
    }

    /** Waits until the attempt has ended. @return whether it has */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    void begin() {
        Instant now = clock.instant();
        boolean announce;
        synchronized (this) {
            startedAt = now;
            startNanos = System.nanoTime();
            announce = announceAtStart;
        }
        if (announce) {
            outbox.announce(now);
        }
    }

    /** The model has returned; nothing but the terminal event follows. */
    void stopped() {
        if (startedAt != null) {
            runNanos = System.nanoTime() - startNanos;
            metrics.put("predict_time", Math.round(runNanos / 1e3) / 1e6);
        }
        outbox.close();
    }

    void end() {
        folder.close();
        ended.countDown();
    }

    boolean isAbandoned() {
        return abandoned;
    }

    long runNanos() {
        return runNanos;
    }

    @Nullable Instant startedAt() {
        return startedAt;
    }

    ObjectNode metrics() {
        return metrics;
    }

    WorkFolder folder() {
        return folder;
    }

    Outbox outbox() {
        return outbox;
    }

    @Override
    public void yield(Object chunk) {
        outbox.output(toJson.apply(chunk));
    }

    @Override
    public void log(String line) {
        outbox.log(line);
    }

    @Override
    public void progress(double fraction) {
        outbox.progress(fraction);
    }

    @Override
    public void metric(String name, Number value) {
        boolean integral = value instanceof Long || value instanceof Integer || value instanceof Short;
        synchronized (metrics) {
            if (integral) {
                metrics.put(name, value.longValue());
            } else if (Double.isFinite(value.doubleValue())) {
                metrics.put(name, value.doubleValue());
            }
        }
    }

    /** Also true past the prediction's deadline: its result would not be shown. */
    @Override
    public boolean isCanceled() {
        return canceled || (hasDeadline && System.nanoTime() - deadlineNanos >= 0);
    }

    @Override
    public void pause(Duration duration) throws CanceledException {
        long end = System.nanoTime() + duration.toNanos();
        lock.lock();
        try {
            while (!isCanceled()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                long untilDeadline = hasDeadline ? Math.max(1, deadlineNanos - System.nanoTime()) : left;
                long unused = canceledNow.awaitNanos(Math.min(left, untilDeadline));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        throw new CanceledException();
    }

    @Override
    public Path workFolder() {
        return folder.path();
    }
}
