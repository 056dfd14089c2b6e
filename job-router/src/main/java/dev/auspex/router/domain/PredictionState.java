package dev.auspex.router.domain;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything the router knows of one prediction. Immutable; changed only by {@link PredictionLife}. */
public sealed interface PredictionState {

    /** Nothing was heard of the prediction yet. */
    PredictionState NONE = new Unseen(List.of());

    /** The row of the transition table. */
    Phase phase();

    /**
     * The job record has not been read, but something else was. It is kept as it came and replayed when the job is
     * known, so both orders end in the same state.
     *
     * @param early what was read, in order
     */
    record Unseen(List<PredictionInput> early) implements PredictionState {

        /** Copies the list. */
        public Unseen {
            early = List.copyOf(early);
        }

        @Override
        public Phase phase() {
            return Phase.UNSEEN;
        }

        Unseen with(PredictionInput input) {
            List<PredictionInput> more = new ArrayList<>(early);
            more.add(input);
            return new Unseen(more);
        }
    }

    /**
     * The job record has been read: the prediction exists for clients.
     *
     * @param job what was submitted
     * @param status where it stands
     * @param sequence the number of the newest published snapshot; the creation is 0
     * @param attempts who tried to run it
     * @param result what came of it
     * @param cancelRequestedAt when somebody asked for it to be stopped
     */
    record Known(
            Job job,
            PredictionStatus status,
            long sequence,
            Attempts attempts,
            Result result,
            @Nullable Instant cancelRequestedAt)
            implements PredictionState {

        @Override
        public Phase phase() {
            return Phase.of(status);
        }

        /** As clients see it. */
        public Prediction toPrediction() {
            return new Prediction(
                    job, status, result.output(), result.error(), result.logs(), result.startedAt(),
                    result.completedAt(), result.metrics(), List.of(), false);
        }

        /** Whether the job's webhook asks for this kind of event. */
        boolean wants(WebhookEvent event) {
            Webhook webhook = job.webhook();
            return webhook != null && webhook.events().contains(event);
        }

        Known published() {
            return new Known(job, status, sequence + 1, attempts, result, cancelRequestedAt);
        }

        Known with(PredictionStatus newStatus, Attempts newAttempts, Result newResult) {
            return new Known(job, newStatus, sequence, newAttempts, newResult, cancelRequestedAt);
        }

        Known with(Result newResult) {
            return new Known(job, status, sequence, attempts, newResult, cancelRequestedAt);
        }

        Known cancelRequested(Instant requestedAt) {
            return new Known(job, status, sequence, attempts, result, requestedAt);
        }
    }
}
