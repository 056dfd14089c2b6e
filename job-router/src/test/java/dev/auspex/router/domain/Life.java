package dev.auspex.router.domain;

import dev.auspex.protocol.Attempt;
import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.Decision.Effect;
import dev.auspex.router.domain.Decision.Ignored;
import dev.auspex.router.domain.Decision.Reason;
import dev.auspex.router.domain.Decision.Snapshot;
import dev.auspex.router.domain.PredictionState.Known;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A life as it is folded, with everything that was published, queued and refused on the way. */
final class Life {

    static final RetryPolicy RETRIES = new RetryPolicy(Duration.ofSeconds(1));

    private PredictionState state = PredictionState.NONE;
    private final List<Snapshot> published = new ArrayList<>();
    private final List<Reason> refused = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();

    static Life of(PredictionInput... inputs) {
        return of(List.of(inputs));
    }

    static Life of(List<PredictionInput> inputs) {
        Life life = new Life();
        inputs.forEach(life::then);
        return life;
    }

    Life then(PredictionInput input) {
        switch (PredictionLife.apply(state, input, RETRIES)) {
            case Applied applied -> {
                state = applied.state();
                published.addAll(applied.snapshots());
                effects.addAll(applied.effects());
            }
            case Ignored ignored -> refused.add(ignored.reason());
        }
        return this;
    }

    PredictionState state() {
        return state;
    }

    Known known() {
        return (Known) state;
    }

    List<Snapshot> published() {
        return published;
    }

    List<Reason> refused() {
        return refused;
    }

    List<Effect> effects() {
        return effects;
    }

    /** The rounds that went into the queue. */
    List<Integer> queued() {
        return effects.stream()
                .filter(Effect.Requeue.class::isInstance)
                .map(effect -> ((Effect.Requeue) effect).job().attempt())
                .toList();
    }

    long buried() {
        return effects.stream().filter(Effect.Bury.class::isInstance).count();
    }

    List<AttemptOutcome> outcomes() {
        return known().attempts().newest().stream().map(Attempt::outcome).toList();
    }

    List<@Nullable WebhookEvent> changes() {
        return published.stream().map(Snapshot::change).toList();
    }
}
