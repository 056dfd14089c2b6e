package dev.auspex.executor.run;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What this executor runs and has lately finished. A broker that restarts forgets who holds a record and hands it out
 * again: the executor that still runs it, or has just reported its end, must not run it a second time. Safe for any
 * thread.
 */
public final class RunningJobs {

    private static final int REMEMBERED = 16_384;

    private final Map<PredictionId, Attempt> running = new ConcurrentHashMap<>();
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

    /** How many jobs of a class run now. */
    int count(HardwareClass hardware) {
        return (int) running.values().stream()
                .filter(attempt -> attempt.job().hardware().equals(hardware))
                .count();
    }

    /** Everything that runs now. */
    public Collection<Attempt> attempts() {
        return running.values();
    }
}
