package dev.auspex.router.replay;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.ReplayOf;
import dev.auspex.protocol.replay.SkipReason;
import org.jspecify.annotations.Nullable;

/** What a replay makes of a candidate. */
sealed interface Verdict {

    /** The filter does not take it. */
    record Left() implements Verdict {}

    /** The filter takes it, but it is not submitted. @param original {@code null} if the body cannot be read */
    record Skipped(SkipReason reason, @Nullable Original original) implements Verdict {}

    /**
     * To be submitted.
     *
     * @param origin what the job repeats
     * @param queue the topic it goes into
     * @param value the job as a record's value
     */
    record Taken(Job job, ReplayOf origin, String queue, byte[] value, Original original) implements Verdict {}
}
