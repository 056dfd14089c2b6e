package dev.auspex.protocol;

import java.time.Instant;
import java.util.List;

/**
 * A job that is not tried again although its model may be right: the value of a {@code jobs.dead} record that the router
 * wrote. It has all that is needed to run it anew. (Executors copy records they cannot read to the same topic, as they
 * are; those have a header {@code cause}.) Immutable.
 *
 * @param job as it was submitted
 * @param cause in one sentence
 * @param attempts who tried; the newest ones if there were many
 * @param time when it was given up
 */
public record DeadJob(Job job, String cause, List<Attempt> attempts, Instant time) {

    /** Copies the list. */
    public DeadJob {
        attempts = List.copyOf(attempts);
    }
}
