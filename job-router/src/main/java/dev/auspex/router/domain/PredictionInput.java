package dev.auspex.router.domain;

import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.event.AttemptEvent;
import java.time.Instant;

/**
 * Something that can happen to a prediction: read from a topic, or the passing of time. Whatever a decision needs to know
 * of time is in it. Immutable; safe for any thread.
 */
public sealed interface PredictionInput {

    /** The submission, or the router's own retry of it. */
    record JobAccepted(Job job) implements PredictionInput {}

    /** What an attempt did. */
    record AttemptReported(AttemptEvent event) implements PredictionInput {}

    /** Somebody who may asked for it to be stopped. @param requestedAt when they asked */
    record CancelRequested(Instant requestedAt) implements PredictionInput {}

    /** The time that the state asked to be woken at has come. */
    record TimerFired(Instant now) implements PredictionInput {}

    /** Its input, output and logs were kept long enough. */
    record DataExpired() implements PredictionInput {}

    /** It was held back until its deployment has an instance free, and now it has. */
    record Released() implements PredictionInput {}

    /** Nothing was heard of a running attempt for too long. */
    record AttemptSilent(AttemptId attempt, Instant now) implements PredictionInput {}
}
