package dev.auspex.executor.journal;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import java.time.Instant;

/**
 * What a cell says of an attempt. Immutable.
 *
 * @param prediction whose attempt it is
 * @param account whose prediction it is
 * @param attempt the attempt
 * @param number how often the router had put the job into a topic again
 * @param since when the attempt began
 */
public record Entry(PredictionId prediction, AccountId account, AttemptId attempt, int number, Instant since) {

    /** What became of the attempt, as far as its process wrote it down. */
    public enum State {
        /** Nothing is in the cell. */
        FREE,
        /** The model runs; in the file of a dead process: it ran when the process died. */
        RUNNING,
        /** It ran when its process died, and no later process has said so yet. */
        DIED,
        /** It was canceled, did not stop, and its process left because of it. */
        CANCELED,
        /** It ran longer than it may, did not stop, and its process left because of it. */
        OVERDUE
    }

    /** The entry of an attempt that begins. */
    public static Entry of(Job job, AttemptId attempt, Instant now) {
        return new Entry(job.id(), job.account(), attempt, job.attempt(), now);
    }

    /** The same for every attempt at the same record of a job. */
    static String key(PredictionId prediction, int number) {
        return prediction.value() + '#' + number;
    }
}
