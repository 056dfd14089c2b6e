package dev.auspex.router.domain;

import dev.auspex.protocol.Attempt;
import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.Decision.Effect;
import dev.auspex.router.domain.Decision.Ignored;
import dev.auspex.router.domain.Decision.Reason;
import dev.auspex.router.domain.Decision.Snapshot;
import dev.auspex.router.domain.PredictionState.Known;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Attempts that were lost or given back, and the rounds that follow: when there is another one, and when there is none. */
final class Rounds {

    static final String SILENT = "Nothing was heard of its worker any more.";
    static final String HANDED_OUT_AGAIN = "The job was handed out again: its worker had lost it.";
    static final String WORKERS_LOST = "Two different workers were lost while they ran this prediction.";

    private Rounds() {}

    /** The broker handed the job out again, so whoever had it lost it. */
    static Decision redelivered(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        AttemptEvent event = Moves.event(input);
        if (known.round().isOther(event.round()) || known.attempts().know(event.attempt())) {
            return new Ignored(Reason.OLDER_ATTEMPT);
        }
        Optional<Attempt> running = known.attempts().running();
        if (running.isEmpty()) {
            Attempts attempts = known.attempts().vanished(event, known.job().hardware(), HANDED_OUT_AGAIN);
            return lost(known, attempts, null, HANDED_OUT_AGAIN, event.time());
        }
        // A process that speaks has not died: its own attempt goes on, or falls silent.
        return event.executor().equals(running.get().executor())
                ? new Ignored(Reason.DUPLICATE)
                : lost(known, running.get(), HANDED_OUT_AGAIN, event.time());
    }

    /** Nothing was heard of the attempt that runs. */
    static Decision silent(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        PredictionInput.AttemptSilent silence = (PredictionInput.AttemptSilent) input;
        return known.attempts().running()
                .filter(running -> running.id().equals(silence.attempt()))
                .map(running -> (Decision) lost(known, running, SILENT, silence.now()))
                .orElseGet(() -> new Ignored(Reason.OLDER_ATTEMPT));
    }

    /** An executor that stops in good order gave the job back: it does not count as a try. */
    static Decision returned(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        AttemptEvent event = Moves.event(input);
        if (isStale(known, event)) {
            return new Ignored(Reason.OLDER_ATTEMPT);
        }
        if (known.attempts().current() == null) {
            return released(state, input, retries);
        }
        Attempts without = known.attempts().gone(AttemptOutcome.RETURNED, event.time(), null);
        return known.cancelRequestedAt() == null
                ? next(known, without, event.time(), event.time())
                : Ends.close(
                        known.with(known.status(), without, known.result()), PredictionStatus.CANCELED, event.time(), null);
    }

    /** Into its queue: for the first time, if it was held back, or again. It was not begun: there is nothing to show. */
    static Decision released(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        Known queued = known.with(new Round(known.round().number() + 1, null));
        return new Applied(queued, List.of(), List.of(new Effect.Requeue(queued.jobAgain())));
    }

    /** Queued anew: now, or when it is due. Nothing of what the last attempt brought is shown any more. */
    static Applied next(Known known, Attempts attempts, Instant now, Instant due) {
        Round round = new Round(known.round().number() + 1, due.isAfter(now) ? due : null);
        Known queued = known.with(PredictionStatus.STARTING, attempts, Result.NONE).with(round).published();
        return new Applied(
                queued,
                List.of(new Snapshot(queued, null)),
                round.due() == null ? List.of(new Effect.Requeue(queued.jobAgain())) : List.of());
    }

    /** Whether the attempt is neither the one that runs nor an unheard one of the newest round: none may follow on it. */
    static boolean isStale(Known known, AttemptEvent event) {
        return known.attempts().current() == null
                ? known.round().isOther(event.round()) || known.attempts().know(event.attempt())
                : !event.attempt().equals(known.attempts().current());
    }

    /** The prediction with one more failure. @param lost the worker, if it is one that is gone */
    static Known counted(Known known, @Nullable ExecutorId lost) {
        return known.with(known.status(), known.attempts().failed(lost), known.result());
    }

    /** Whether one more failure is one too many. */
    static boolean isLast(Known known, @Nullable ExecutorId lost) {
        return hasLostAnother(known, lost)
                || known.attempts().tally().failures() + 1 >= known.job().limits().attempts();
    }

    /** Whether this is the second worker that the prediction brings down. */
    static boolean hasLostAnother(Known known, @Nullable ExecutorId lost) {
        return known.attempts().tally().hasLostAnother(lost);
    }

    /** The end of a prediction, with its job put aside for whoever finds out why. */
    static Applied buried(Applied end, String cause) {
        Known known = (Known) end.state();
        DeadJob dead = new DeadJob(
                known.job(), cause, known.attempts().newest(), Objects.requireNonNull(known.result().completedAt()));
        return new Applied(known, end.snapshots(), List.of(new Effect.Bury(dead)));
    }

    private static Applied lost(Known known, Attempt running, String error, Instant at) {
        return lost(known, known.attempts().gone(AttemptOutcome.LOST, at, error), running.executor(), error, at);
    }

    private static Applied lost(Known known, Attempts attempts, @Nullable ExecutorId worker, String error, Instant at) {
        Known counted = known.with(known.status(), attempts.failed(worker), known.result());
        if (known.cancelRequestedAt() != null) {
            return Ends.close(counted, PredictionStatus.CANCELED, at, null);
        }
        if (isLast(known, worker)) {
            String cause = hasLostAnother(known, worker) ? WORKERS_LOST : error;
            return buried(Ends.close(counted, PredictionStatus.FAILED, at, cause), cause);
        }
        return next(counted, counted.attempts(), at, at);
    }
}
