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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One try to run one job: the model's {@link PredictionContext} on one side, the slot's handle on the other. The model's
 * methods belong to its thread; {@link #cancel}, {@link #announce}, {@link #renew} and {@link #giveUp} to any.
 */
public final class Attempt implements PredictionContext {

    private static final Duration SETUP_PATIENCE = Duration.ofMinutes(10);

    private final Job job;
    private final AttemptId id;
    private final Outbox outbox;
    private final WorkFolder folder;
    private final BiFunction<Object, Attempt, JsonNode> toJson;
    private final Clock clock;
    private final ObjectNode metrics = Json.object();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopNow = lock.newCondition();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile @Nullable Limit limit;
    private volatile @Nullable Stop stop;
    private volatile @Nullable Instant startedAt;
    private volatile boolean settingUp;
    private volatile long setUpNanos = System.nanoTime();
    private boolean announceAtStart;
    private long startNanos;
    private long runNanos;

    private record Limit(long atNanos, StopReason reason) {}

    private record Stop(long sinceNanos, StopReason reason) {}

    Attempt(
            Job job, AttemptId id, Outbox outbox, WorkFolder folder, BiFunction<Object, Attempt, JsonNode> toJson, Clock clock) {
        this.job = job;
        this.id = id;
        this.outbox = outbox;
        this.folder = folder;
        this.toJson = toJson;
        this.clock = clock;
        if (job.deadline() != null) {
            long left = Duration.between(clock.instant(), job.deadline()).toNanos();
            limit = new Limit(System.nanoTime() + left, StopReason.DEADLINE);
        }
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
        stop(StopReason.CANCELED);
    }

    /** The slot gives the job up: the model is asked to stop, and nothing more is reported by it. */
    public void giveUp() {
        outbox.silence();
        stop(StopReason.GIVEN_UP);
    }

    /** The first reason stays: it is the one that can have made the model stop. */
    private void stop(StopReason reason) {
        lock.lock();
        try {
            if (stop == null) {
                stop = new Stop(System.nanoTime(), reason);
            }
            stopNow.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Why it has to stop; {@code null} if it may go on. */
    public @Nullable StopReason stopReason() {
        Limit bound = limit;
        if (stop == null && bound != null && System.nanoTime() - bound.atNanos() >= 0) {
            stop(bound.reason());
        }
        Stop known = stop;
        return known == null ? null : known.reason();
    }

    /**
     * How long it has been told to stop and has not. A model's set-up cannot stop, and serves the next job: it is waited
     * for, unless it seems to have no end.
     */
    public Duration overdue() {
        StopReason reason = stopReason();
        Stop known = stop;
        if (reason == null || known == null) {
            return Duration.ZERO;
        }
        long now = System.nanoTime();
        Duration told = Duration.ofNanos(now - known.sinceNanos());
        if (settingUp) {
            return told.compareTo(SETUP_PATIENCE) < 0 ? Duration.ZERO : told;
        }
        return Duration.ofNanos(now - (known.sinceNanos() - setUpNanos > 0 ? known.sinceNanos() : setUpNanos));
    }

    /** Makes sure that the world knows of this attempt as soon as the model runs. May wait for Kafka. */
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

    /** Says that it still runs, if the world knows that it does. May wait for Kafka. */
    public void renew() {
        outbox.renew();
    }

    /** Whether Kafka has its start. */
    boolean isKnown() {
        return outbox.isKnown();
    }

    /** Waits until Kafka has its start, but not for long. */
    void awaitKnown(Duration most) throws InterruptedException {
        outbox.awaitKnown(most);
    }

    /** Reserves the right to report its end. @return whether nobody else has it */
    public boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Waits until the attempt has ended. @return whether it has */
    boolean awaitEnd(Duration most) throws InterruptedException {
        return ended.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The model is being set up, or no longer is. */
    void settingUp(boolean now) {
        setUpNanos = System.nanoTime(); // first: it may be asked about between the two
        settingUp = now;
    }

    /** The model begins; the second time, after memory was short, changes nothing. */
    void begin() {
        if (startedAt != null) {
            return;
        }
        Instant now = clock.instant();
        boolean announce;
        synchronized (this) {
            startedAt = now;
            startNanos = System.nanoTime();
            announce = announceAtStart;
        }
        Duration run = job.limits().run();
        Limit deadline = limit;
        if (run != null && (deadline == null || startNanos + run.toNanos() - deadline.atNanos() < 0)) {
            limit = new Limit(startNanos + run.toNanos(), StopReason.RUN_LIMIT);
        }
        if (announce) {
            outbox.announce(now);
        }
    }

    /** The model has returned. Its time ends here: storing its output is not the model's doing. */
    void returned() {
        if (startedAt != null && runNanos == 0) {
            runNanos = System.nanoTime() - startNanos;
        }
    }

    /** Nothing but the terminal event follows. */
    void stopped() {
        returned();
        if (startedAt != null) {
            metrics.put("predict_time", Math.round(runNanos / 1e3) / 1e6);
        }
        outbox.close();
    }

    void end() {
        folder.close();
        ended.countDown();
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
        outbox.output(toJson.apply(chunk, this));
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

    /** Also true past a deadline or limit. */
    @Override
    public boolean isCanceled() {
        return stopReason() != null;
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
                Limit bound = limit;
                long untilLimit = bound == null ? left : Math.max(1, bound.atNanos() - System.nanoTime());
                long unused = stopNow.awaitNanos(Math.min(left, untilLimit));
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
