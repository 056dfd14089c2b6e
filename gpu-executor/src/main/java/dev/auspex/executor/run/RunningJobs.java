package dev.auspex.executor.run;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this executor runs and has lately finished. A broker that restarts forgets who holds a record and hands it out
 * again: the executor that still runs it, or has just reported its end, must not run it a second time. Safe for any
 * thread.
 */
public final class RunningJobs {

    private static final int REMEMBERED = 16_384;
    private static final long SUSPECT_CHECK_MILLIS = 50;

    private final Map<PredictionId, Attempt> running = new ConcurrentHashMap<>();
    private final Semaphore suspects = new Semaphore(1, true);
    private final Map<PredictionId, Ended> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PredictionId, Ended> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * An end that was sent.
     *
     * @param number which of the prediction's records it was
     * @param last whether no later record of the prediction can count
     * @param sent done when Kafka has it
     */
    private record Ended(int number, boolean last, Future<?> sent) {}

    /** Enters an attempt. @return the one that already runs the prediction; {@code null} if there is none */
    @Nullable Attempt begin(Attempt attempt) {
        return running.putIfAbsent(attempt.job().id(), attempt);
    }

    /** The attempt runs no more. */
    void end(Attempt attempt) {
        running.remove(attempt.job().id(), attempt);
        attempt.end();
    }

    /**
     * The job's terminal event is on its way.
     *
     * @param last whether it ends the prediction whatever the router thinks of retrying
     */
    void reported(Job job, boolean last, Future<?> sent) {
        synchronized (ended) {
            ended.put(job.id(), new Ended(job.attempt(), last, sent));
        }
    }

    /** The terminal event that makes this record pointless; done when Kafka has it, {@code null} if there is none. */
    @Nullable Future<?> endOf(Job job) {
        synchronized (ended) {
            Ended end = ended.get(job.id());
            if (end == null || end.sent().state() == Future.State.FAILED) {
                return null;
            }
            return end.last() || end.number() >= job.attempt() ? end.sent() : null;
        }
    }

    /** Asks the running attempt of a prediction to stop, if there is one and it is the account's. */
    public void cancel(PredictionId prediction, AccountId account) {
        Attempt attempt = running.get(prediction);
        if (attempt != null && attempt.job().account().equals(account)) {
            attempt.cancel();
        }
    }

    /**
     * Waits until no other job runs here of which a worker was lost before. Several of one lost worker come back together:
     * beside each other, the one that brings down the next worker, too, would have the others given up with it.
     *
     * @return whether the job may run; false if it has to stop first
     */
    boolean enterSuspect(Attempt attempt) throws InterruptedException {
        while (!suspects.tryAcquire(SUSPECT_CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (attempt.isCanceled()) {
                return false;
            }
        }
        return true;
    }

    /** It runs no more. */
    void leaveSuspect() {
        suspects.release();
    }

    /** Everything that runs now. */
    public Collection<Attempt> attempts() {
        return running.values();
    }
}
