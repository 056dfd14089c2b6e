package dev.auspex.router.domain;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.event.AttemptEvent;
import java.time.Instant;

/** Something that can happen to a prediction, as the router reads it from a topic. Immutable; safe for any thread. */
public sealed interface PredictionInput {

    /** The submission, or the router's own retry of it. */
    record JobAccepted(Job job) implements PredictionInput {}

    /** What an attempt did. */
    record AttemptReported(AttemptEvent event) implements PredictionInput {}

    /** Somebody who may asked for it to be stopped. @param requestedAt when they asked */
    record CancelRequested(Instant requestedAt) implements PredictionInput {}
}
