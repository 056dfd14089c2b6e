package dev.auspex.router.domain;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import java.time.Duration;
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
     * @param round which of its job records counts
     * @param dataRemoved whether input, output and logs have been emptied because they were kept long enough
     */
    record Known(
            Job job,
            PredictionStatus status,
            long sequence,
            Attempts attempts,
            Result result,
            @Nullable Instant cancelRequestedAt,
            Round round,
            boolean dataRemoved)
            implements PredictionState {

        /** An event of a start in time may come a little after the time. */
        static final Duration GRACE = Duration.ofSeconds(1);

        @Override
        public Phase phase() {
            return Phase.of(status);
        }

        /** Whether an attempt is under way, as far as is known. */
        public boolean isRunning() {
            return status == PredictionStatus.PROCESSING;
        }

        /** As clients see it. */
        public Prediction toPrediction() {
            return new Prediction(
                    job, status, result.output(), result.error(), result.logs(), result.startedAt(),
                    result.completedAt(), result.metrics(), attempts.newest(), dataRemoved);
        }

        /** When {@link PredictionInput.TimerFired} has to come; {@code null} if nothing depends on time alone. */
        public @Nullable Instant wakeAt() {
            if (status != PredictionStatus.STARTING) {
                return null;
            }
            Instant startBy = startBy();
            if (startBy == null) {
                return round.due();
            }
            Instant late = startBy.plus(GRACE);
            return round.due() != null && round.due().isBefore(late) ? round.due() : late;
        }

        /** When an attempt must have begun; {@code null} for any time. */
        @Nullable Instant startBy() {
            return attempts.tally().begun() ? job.deadline() : job.startBy();
        }

        /** The job record of the newest round. */
        Job jobAgain() {
            Attempts.Tally tally = attempts.tally();
            Job next = (tally.begun() ? job.startedOnce() : job).again(round.number());
            return tally.lostWorker() == null ? next : next.asSuspect();
        }

        /** Whether the job's webhook asks for this kind of event. */
        boolean wants(WebhookEvent event) {
            Webhook webhook = job.webhook();
            return webhook != null && webhook.events().contains(event);
        }

        Known published() {
            return new Known(job, status, sequence + 1, attempts, result, cancelRequestedAt, round, dataRemoved);
        }

        Known with(PredictionStatus newStatus, Attempts newAttempts, Result newResult) {
            return new Known(job, newStatus, sequence, newAttempts, newResult, cancelRequestedAt, round, dataRemoved);
        }

        Known with(Result newResult) {
            return new Known(job, status, sequence, attempts, newResult, cancelRequestedAt, round, dataRemoved);
        }

        Known with(Round newRound) {
            return new Known(job, status, sequence, attempts, result, cancelRequestedAt, newRound, dataRemoved);
        }

        /** What is left once its data have been kept long enough. */
        Known withoutData() {
            return new Known(
                    job.withoutInput(), status, sequence, attempts, result.withoutData(), cancelRequestedAt, round, true);
        }

        Known cancelRequested(Instant requestedAt) {
            return new Known(job, status, sequence, attempts, result, requestedAt, round, dataRemoved);
        }
    }
}
