package dev.auspex.router.domain;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.Decision.Ignored;
import dev.auspex.router.domain.Decision.Reason;
import dev.auspex.router.domain.Decision.Snapshot;
import dev.auspex.router.domain.PredictionState.Known;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The moves of a prediction whose job is known, one method for each kind. */
final class Moves {

    private Moves() {}

    static Known created(Job job) {
        return new Known(job, PredictionStatus.STARTING, 0, Attempts.NONE, Result.NONE, null);
    }

    static Decision start(PredictionState state, PredictionInput input) {
        Known known = (Known) state;
        AttemptEvent event = event(input);
        Known started = known.with(
                        PredictionStatus.PROCESSING, known.attempts().with(event), Result.begun(event.time()))
                .published();
        return applied(started, WebhookEvent.START);
    }

    // Another executor took the job over. Clients were told of the start: the reset is shown, not announced again.
    static Decision restart(PredictionState state, PredictionInput input) {
        Known known = (Known) state;
        AttemptEvent event = event(input);
        if (event.attempt().equals(known.attempts().current())) {
            return new Ignored(Reason.DUPLICATE);
        }
        if (known.attempts().haveSuperseded(event)) {
            return new Ignored(Reason.OLDER_ATTEMPT);
        }
        Known restarted = known.with(
                        PredictionStatus.PROCESSING, known.attempts().with(event), Result.begun(event.time()))
                .published();
        return applied(restarted, null);
    }

    static Decision appendOutput(PredictionState state, PredictionInput input) {
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

    static Decision appendLogs(PredictionState state, PredictionInput input) {
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

    // How far an attempt is, is for those who watch it live; nothing of it is kept.
    static Decision progress(PredictionState state, PredictionInput input) {
        Reason foreign = foreign((Known) state, event(input));
        return foreign == null ? new Applied(state, List.of()) : new Ignored(foreign);
    }

    static Decision cancelQueued(PredictionState state, PredictionInput input) {
        Known known = (Known) state;
        Instant requestedAt = ((PredictionInput.CancelRequested) input).requestedAt();
        Instant created = known.job().createdAt();
        Instant completedAt = requestedAt.isBefore(created) ? created : requestedAt;
        ObjectNode metrics = withTotalTime(JsonNodeFactory.instance.objectNode(), created, completedAt);
        Known canceled = known.cancelRequested(requestedAt)
                .with(PredictionStatus.CANCELED, known.attempts(),
                        new Result(null, null, "", null, completedAt, metrics))
                .published();
        return applied(canceled, WebhookEvent.COMPLETED);
    }

    // Only the executor knows when the model has really stopped: it will report that.
    static Decision markCanceled(PredictionState state, PredictionInput input) {
        Known known = (Known) state;
        return known.cancelRequestedAt() != null
                ? new Ignored(Reason.DUPLICATE)
                : new Applied(
                        known.cancelRequested(((PredictionInput.CancelRequested) input).requestedAt()), List.of());
    }

    static Decision complete(PredictionState state, PredictionInput input) {
        Known known = (Known) state;
        AttemptEvent event = event(input);
        AttemptEvent.Terminal end = (AttemptEvent.Terminal) event.body();
        Attempts attempts = known.attempts().with(event);
        if (known.status() == PredictionStatus.STARTING && end.startedAt() != null) {
            // An attempt that ends within milliseconds does not say that it started: both moves are made here.
            Known started = known.with(PredictionStatus.PROCESSING, attempts, Result.begun(end.startedAt()))
                    .published();
            Known completed = completed(started, attempts, event, end);
            return new Applied(
                    completed,
                    List.of(new Snapshot(started, WebhookEvent.START), new Snapshot(completed, WebhookEvent.COMPLETED)));
        }
        return applied(completed(known, attempts, event, end), WebhookEvent.COMPLETED);
    }

    private static Known completed(Known known, Attempts attempts, AttemptEvent event, AttemptEvent.Terminal end) {
        Instant startedAt = end.startedAt() != null ? end.startedAt() : known.result().startedAt();
        ObjectNode metrics = withTotalTime(end.metrics(), known.job().createdAt(), event.time());
        return switch (end) {
            case AttemptEvent.Succeeded it -> known.with(
                            PredictionStatus.SUCCEEDED, attempts,
                            new Result(it.output(), null, it.logs(), startedAt, event.time(), metrics))
                    .published();
            case AttemptEvent.Failed it -> known.with(
                            PredictionStatus.FAILED, attempts,
                            new Result(it.output(), it.error(), it.logs(), startedAt, event.time(), metrics))
                    .published();
            case AttemptEvent.Canceled it -> known.with(
                            PredictionStatus.CANCELED, attempts,
                            new Result(it.output(), null, it.logs(), startedAt, event.time(), metrics))
                    .published();
        };
    }

    private static ObjectNode withTotalTime(ObjectNode metrics, Instant createdAt, Instant completedAt) {
        double micros = Math.max(0, Duration.between(createdAt, completedAt).toNanos() / 1_000);
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.setAll(metrics);
        return all.put("total_time", micros / 1e6);
    }

    private static @Nullable Reason foreign(Known known, AttemptEvent event) {
        if (event.attempt().equals(known.attempts().current())) {
            return null;
        }
        return known.attempts().haveSuperseded(event) ? Reason.OLDER_ATTEMPT : Reason.NOT_STARTED;
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

    private static Decision applied(Known state, @Nullable WebhookEvent change) {
        return new Applied(state, List.of(new Snapshot(state, change)));
    }

    private static AttemptEvent event(PredictionInput input) {
        return ((PredictionInput.AttemptReported) input).event();
    }
}
