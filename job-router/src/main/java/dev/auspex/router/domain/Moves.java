package dev.auspex.router.domain;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.Decision.Effect;
import dev.auspex.router.domain.Decision.Ignored;
import dev.auspex.router.domain.Decision.Reason;
import dev.auspex.router.domain.Decision.Snapshot;
import dev.auspex.router.domain.PredictionState.Known;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The moves of a prediction whose job is known and that goes on, one method for each kind. {@link Ends} has the others. */
final class Moves {

    private Moves() {}

    static Known created(Job job) {
        return new Known(
                job, PredictionStatus.STARTING, 0, Attempts.NONE, Result.NONE, null, new Round(job.attempt(), null), false);
    }

    // Also of another attempt while one runs: the broker forgot who had the job. Output and logs begin anew.
    static Decision start(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        AttemptEvent event = event(input);
        if (event.attempt().equals(known.attempts().current())) {
            return new Ignored(Reason.DUPLICATE);
        }
        return known.round().isOther(event.round()) || known.attempts().know(event.attempt())
                ? new Ignored(Reason.OLDER_ATTEMPT)
                : started(known, event, event.time());
    }

    /** Clients are told of the first start; later ones are shown, not announced again. */
    static Applied started(Known known, AttemptEvent event, Instant startedAt) {
        Known started = known.with(
                        PredictionStatus.PROCESSING,
                        known.attempts().begun(event, known.job().hardware(), startedAt),
                        Result.begun(startedAt))
                .published();
        return applied(started, known.attempts().tally().begun() ? null : WebhookEvent.START);
    }

    static Decision appendOutput(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        AttemptEvent event = event(input);
        Reason foreign = foreign(known, event);
        if (foreign != null) {
            return new Ignored(foreign);
        }
        AttemptEvent.OutputAppended body = (AttemptEvent.OutputAppended) event.body();
        int have = known.result().chunks();
        Reason misplaced = misplaced(body.index(), body.chunks().size(), have);
        return misplaced != null
                ? new Ignored(misplaced)
                : progressed(
                        known.with(known.result().withChunks(
                                body.chunks().subList(have - body.index(), body.chunks().size()))),
                        WebhookEvent.OUTPUT);
    }

    static Decision appendLogs(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        AttemptEvent event = event(input);
        Reason foreign = foreign(known, event);
        if (foreign != null) {
            return new Ignored(foreign);
        }
        AttemptEvent.LogsAppended body = (AttemptEvent.LogsAppended) event.body();
        int have = known.result().logs().length();
        Reason misplaced = misplaced(body.offset(), body.text().length(), have);
        return misplaced != null
                ? new Ignored(misplaced)
                : progressed(
                        known.with(known.result().withLogs(body.text().substring(have - body.offset()))),
                        WebhookEvent.LOGS);
    }

    // How far an attempt is, and that it lives, is for those who watch it; nothing of it is kept.
    static Decision progress(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Reason foreign = foreign((Known) state, event(input));
        return foreign == null ? new Applied(state, List.of()) : new Ignored(foreign);
    }

    static Decision cancelQueued(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        Instant requestedAt = ((PredictionInput.CancelRequested) input).requestedAt();
        return Ends.close(known.cancelRequested(requestedAt), PredictionStatus.CANCELED, requestedAt, null);
    }

    static Decision wake(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        Instant now = ((PredictionInput.TimerFired) input).now();
        Instant startBy = known.startBy();
        if (startBy != null && !now.isBefore(startBy.plus(Known.GRACE))) {
            return Ends.close(known, PredictionStatus.ABORTED, now, null);
        }
        Instant due = known.round().due();
        if (due == null || now.isBefore(due)) {
            return new Applied(known, List.of());
        }
        Known queued = known.with(new Round(known.round().number(), null));
        return new Applied(queued, List.of(), List.of(new Effect.Requeue(queued.jobAgain())));
    }

    // Only the executor knows when the model has really stopped: it will report that.
    static Decision markCanceled(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        return known.cancelRequestedAt() != null
                ? new Ignored(Reason.DUPLICATE)
                : new Applied(
                        known.cancelRequested(((PredictionInput.CancelRequested) input).requestedAt()), List.of());
    }

    static Decision removeData(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        return known.dataRemoved() ? new Ignored(Reason.DUPLICATE) : applied(known.withoutData().published(), null);
    }

    private static @Nullable Reason foreign(Known known, AttemptEvent event) {
        if (event.attempt().equals(known.attempts().current())) {
            return null;
        }
        return known.attempts().know(event.attempt()) ? Reason.OLDER_ATTEMPT : Reason.NOT_STARTED;
    }

    private static @Nullable Reason misplaced(int position, int length, int have) {
        if (position > have) {
            return Reason.GAP;
        }
        return position + length <= have ? Reason.DUPLICATE : null;
    }

    private static Decision progressed(Known known, WebhookEvent change) {
        // A whole snapshot for every chunk would cost the square of the output: only where somebody asked for it.
        return known.wants(change) ? applied(known.published(), change) : new Applied(known, List.of());
    }

    static Applied applied(Known state, @Nullable WebhookEvent change) {
        return new Applied(state, List.of(new Snapshot(state, change)));
    }

    static AttemptEvent event(PredictionInput input) {
        return ((PredictionInput.AttemptReported) input).event();
    }
}
