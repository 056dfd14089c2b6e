package dev.auspex.router.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.ExecutorId;
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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ends that attempts report, and what they mean for the prediction: its own end or another round. */
final class Ends {

    private Ends() {}

    /** The first end of any attempt is the prediction's. */
    static Decision complete(PredictionState state, PredictionInput input, RetryPolicy retries) {
        AttemptEvent event = Moves.event(input);
        Known known = (Known) state;
        return switch ((AttemptEvent.Terminal) event.body()) {
            case AttemptEvent.Succeeded it -> new Ending(event, it, it.output(), null)
                    .settle(known, AttemptOutcome.SUCCEEDED, PredictionStatus.SUCCEEDED);
            case AttemptEvent.Failed it -> new Ending(event, it, it.output(), it.error())
                    .settle(known, AttemptOutcome.FAILED, PredictionStatus.FAILED);
            case AttemptEvent.Canceled it -> new Ending(event, it, it.output(), null)
                    .settle(known, AttemptOutcome.CANCELED, PredictionStatus.CANCELED);
        };
    }

    /** A failure of the platform, or of a model that wants it so, is followed by another attempt while some are left. */
    static Decision fail(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Known known = (Known) state;
        AttemptEvent event = Moves.event(input);
        AttemptEvent.Failed end = (AttemptEvent.Failed) event.body();
        if (!end.retryable() && !known.job().limits().retryModelErrors()) {
            return complete(state, input, retries);
        }
        if (Rounds.isStale(known, event)) {
            return new Ignored(Reason.OLDER_ATTEMPT);
        }
        ExecutorId lost = end.workerLost() ? event.executor() : null;
        AttemptOutcome outcome = end.workerLost() ? AttemptOutcome.LOST : AttemptOutcome.FAILED;
        Known counted = Rounds.counted(known, lost);
        Ending ending = new Ending(event, end, end.output(), end.error());
        if (known.cancelRequestedAt() != null) {
            return ending.withoutError().settle(counted, outcome, PredictionStatus.CANCELED);
        }
        if (Rounds.isLast(known, lost)) {
            Applied failed = ending.settle(counted, outcome, PredictionStatus.FAILED);
            return end.retryable()
                    ? Rounds.buried(failed, Rounds.hasLostAnother(known, lost) ? Rounds.WORKERS_LOST : end.error())
                    : failed;
        }
        Duration pause = end.workerLost()
                ? Duration.ZERO
                : retries.after(counted.attempts().tally().failures(), known.job().id());
        return ending.follow(counted, outcome, event.time().plus(pause));
    }

    /** An end that no attempt reported. What the last one brought stays. */
    static Applied close(Known known, PredictionStatus status, Instant at, @Nullable String error) {
        Result so = known.result();
        Instant completedAt = at.isBefore(known.job().createdAt()) ? known.job().createdAt() : at;
        Known closed = known.with(status, known.attempts(), new Result(
                        so.output(), error, so.logs(), so.startedAt(), completedAt,
                        withTotalTime(JsonNodeFactory.instance.objectNode(), known, completedAt)))
                .published();
        return Moves.applied(closed, WebhookEvent.COMPLETED);
    }

    private static ObjectNode withTotalTime(ObjectNode metrics, Known known, Instant completedAt) {
        double micros = Math.max(0, Duration.between(known.job().createdAt(), completedAt).toNanos() / 1_000);
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.setAll(metrics);
        return all.put("total_time", micros / 1e6);
    }

    /** What an attempt says when it ends. */
    private record Ending(
            AttemptEvent event,
            AttemptEvent.Terminal end,
            @Nullable JsonNode output,
            @Nullable String error) {

        Ending withoutError() {
            return new Ending(event, end, output, null);
        }

        /** The prediction ends with it. */
        Applied settle(Known before, AttemptOutcome outcome, PredictionStatus status) {
            List<Snapshot> snapshots = new ArrayList<>(2);
            Known known = began(before, snapshots);
            Instant startedAt = end.startedAt() != null ? end.startedAt() : known.result().startedAt();
            Attempts attempts = ended(known, outcome).settledBy(event.attempt(), event.time());
            Known settled = known.with(status, attempts, new Result(
                            output, error, end.logs(), startedAt, event.time(),
                            withTotalTime(end.metrics(), known, event.time())))
                    .published();
            snapshots.add(new Snapshot(settled, WebhookEvent.COMPLETED));
            return new Applied(settled, snapshots);
        }

        /** Another round follows. */
        Applied follow(Known before, AttemptOutcome outcome, Instant due) {
            List<Snapshot> snapshots = new ArrayList<>(2);
            Known known = began(before, snapshots);
            Applied next = Rounds.next(known, ended(known, outcome), event.time(), due);
            snapshots.addAll(next.snapshots());
            return new Applied(next.state(), snapshots, next.effects());
        }

        // An attempt that ends within milliseconds does not say that it started: that move is made here.
        private Known began(Known known, List<Snapshot> snapshots) {
            if (known.status() != PredictionStatus.STARTING
                    || end.startedAt() == null
                    || known.attempts().know(event.attempt())) {
                return known;
            }
            Applied started = Moves.started(known, event, end.startedAt());
            snapshots.addAll(started.snapshots());
            return (Known) started.state();
        }

        private Attempts ended(Known known, AttemptOutcome outcome) {
            return known.attempts().ended(event, known.job().hardware(), end.startedAt(), outcome, error);
        }
    }
}
