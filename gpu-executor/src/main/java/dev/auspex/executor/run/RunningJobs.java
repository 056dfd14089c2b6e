package dev.auspex.executor.run;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this executor runs and has lately finished. A broker that restarts forgets who holds a record and hands it out
 * again: the executor that still runs it, or has just reported its end, must not run it a second time. Safe for any
 * thread.
 */
public final class RunningJobs {

    private static final int REMEMBERED = 16_384;

    private final Map<PredictionId, Attempt> running = new ConcurrentHashMap<>();
    private final Map<String, Boolean> finished = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Enters an attempt. @return the one that already runs the prediction; {@code null} if there is none */
    @Nullable Attempt begin(Attempt attempt) {
        return running.putIfAbsent(attempt.job().id(), attempt);
    }

    /** The attempt runs no more. */
    void end(Attempt attempt) {
        running.remove(attempt.job().id(), attempt);
        attempt.end();
    }

    /** The broker has the job's terminal event. */
    public void finished(Job job) {
        synchronized (finished) {
            finished.put(key(job), true);
        }
    }

    /** Whether the job's terminal event was sent by this process not long ago. */
    boolean isFinished(Job job) {
        synchronized (finished) {
            return finished.containsKey(key(job));
        }
    }

    /** Asks the running attempt of a prediction to stop, if there is one and it is the account's. */
    public void cancel(PredictionId prediction, AccountId account) {
        Attempt attempt = running.get(prediction);
        if (attempt != null && attempt.job().account().equals(account)) {
            attempt.cancel();
        }
    }

    private static String key(Job job) {
        return job.id().value() + '#' + job.attempt();
    }
}
