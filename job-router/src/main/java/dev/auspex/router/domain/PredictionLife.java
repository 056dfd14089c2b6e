package dev.auspex.router.domain;

import static dev.auspex.router.domain.Phase.CANCELED;
import static dev.auspex.router.domain.Phase.FAILED;
import static dev.auspex.router.domain.Phase.QUEUED;
import static dev.auspex.router.domain.Phase.RUNNING;
import static dev.auspex.router.domain.Phase.SUCCEEDED;
import static dev.auspex.router.domain.Phase.UNSEEN;

import dev.auspex.protocol.AttemptId;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.Decision.Ignored;
import dev.auspex.router.domain.Decision.Reason;
import dev.auspex.router.domain.PredictionState.Known;
import dev.auspex.router.domain.PredictionState.Unseen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one table of a prediction's life and the one method that moves a prediction. Pure: the same inputs in the same
 * order give the same state on every machine and after every restart. Safe for any thread.
 */
public final class PredictionLife {

    /** How much progress is remembered while the job record is missing; starts, ends and cancellations always are. */
    static final int MAX_EARLY = 256;

    private static final List<Transition> TABLE = List.of(
            new Transition(UNSEEN, Trigger.JOB_ACCEPTED, QUEUED, PredictionLife::accept),
            new Transition(UNSEEN, Trigger.STARTED, UNSEEN, PredictionLife::remember),
            new Transition(UNSEEN, Trigger.OUTPUT_APPENDED, UNSEEN, PredictionLife::remember),
            new Transition(UNSEEN, Trigger.LOGS_APPENDED, UNSEEN, PredictionLife::remember),
            new Transition(UNSEEN, Trigger.PROGRESSED, UNSEEN, PredictionLife::remember),
            new Transition(UNSEEN, Trigger.SUCCEEDED, UNSEEN, PredictionLife::remember),
            new Transition(UNSEEN, Trigger.FAILED, UNSEEN, PredictionLife::remember),
            new Transition(UNSEEN, Trigger.CANCELED, UNSEEN, PredictionLife::remember),
            new Transition(UNSEEN, Trigger.CANCEL_REQUESTED, UNSEEN, PredictionLife::remember),
            new Transition(QUEUED, Trigger.STARTED, RUNNING, Moves::start),
            new Transition(QUEUED, Trigger.SUCCEEDED, SUCCEEDED, Moves::complete),
            new Transition(QUEUED, Trigger.FAILED, FAILED, Moves::complete),
            new Transition(QUEUED, Trigger.CANCELED, CANCELED, Moves::complete),
            new Transition(QUEUED, Trigger.CANCEL_REQUESTED, CANCELED, Moves::cancelQueued),
            new Transition(RUNNING, Trigger.STARTED, RUNNING, Moves::restart),
            new Transition(RUNNING, Trigger.OUTPUT_APPENDED, RUNNING, Moves::appendOutput),
            new Transition(RUNNING, Trigger.LOGS_APPENDED, RUNNING, Moves::appendLogs),
            new Transition(RUNNING, Trigger.PROGRESSED, RUNNING, Moves::progress),
            new Transition(RUNNING, Trigger.SUCCEEDED, SUCCEEDED, Moves::complete),
            new Transition(RUNNING, Trigger.FAILED, FAILED, Moves::complete),
            new Transition(RUNNING, Trigger.CANCELED, CANCELED, Moves::complete),
            new Transition(RUNNING, Trigger.CANCEL_REQUESTED, RUNNING, Moves::markCanceled));

    private static final Map<Phase, Map<Trigger, Transition>> BY_PHASE = new EnumMap<>(Phase.class);

    static {
        Arrays.stream(Phase.values()).forEach(phase -> BY_PHASE.put(phase, new EnumMap<>(Trigger.class)));
        TABLE.forEach(transition -> cells(transition.from()).put(transition.trigger(), transition));
    }

    private PredictionLife() {}

    /** Every legal transition, in the order of a life. What is not in it is refused. */
    public static List<Transition> table() {
        return TABLE;
    }

    /** Decides what an input makes of a state. Never throws for anything a topic can hold. */
    public static Decision apply(PredictionState state, PredictionInput input) {
        Trigger trigger = Trigger.of(input);
        Transition transition = cells(state.phase()).get(trigger);
        if (transition == null) {
            return new Ignored(refusal(state.phase(), trigger));
        }
        Decision decision = transition.move().apply(state, input);
        if (decision instanceof Applied applied && !leadsTo(transition, state, applied.state().phase())) {
            throw new IllegalStateException("the transition table has no move from " + state.phase() + " by "
                    + trigger + " to " + applied.state().phase());
        }
        return decision;
    }

    private static Map<Trigger, Transition> cells(Phase phase) {
        return java.util.Objects.requireNonNull(BY_PHASE.get(phase));
    }

    // A job that comes last is carried on at once to wherever the remembered inputs lead.
    private static boolean leadsTo(Transition transition, PredictionState before, Phase reached) {
        boolean replayed = before instanceof Unseen unseen && !unseen.early().isEmpty() && reached != UNSEEN;
        return reached == transition.to() || replayed;
    }

    private static Reason refusal(Phase phase, Trigger trigger) {
        if (trigger == Trigger.JOB_ACCEPTED) {
            return Reason.DUPLICATE;
        }
        return phase.isTerminal() ? Reason.LATE : Reason.NOT_STARTED;
    }

    private static Decision accept(PredictionState state, PredictionInput input) {
        Unseen unseen = (Unseen) state;
        Known created = Moves.created(((PredictionInput.JobAccepted) input).job());
        List<Decision.Snapshot> snapshots = new ArrayList<>();
        snapshots.add(new Decision.Snapshot(created, null));
        PredictionState reached = created;
        for (PredictionInput early : unseen.early()) {
            if (apply(reached, early) instanceof Applied applied) {
                reached = applied.state();
                snapshots.addAll(applied.snapshots());
            }
        }
        return new Applied(reached, snapshots);
    }

    private static Decision remember(PredictionState state, PredictionInput input) {
        Unseen unseen = (Unseen) state;
        Reason reason = reasonToForget(unseen, input);
        return reason == null ? new Applied(unseen.with(input), List.of()) : new Ignored(reason);
    }

    private static @Nullable Reason reasonToForget(Unseen unseen, PredictionInput input) {
        Trigger trigger = Trigger.of(input);
        if (unseen.early().stream().anyMatch(early -> Trigger.of(early).isTerminal())) {
            return Reason.LATE;
        }
        if (trigger.isProgress()) {
            return unseen.early().size() < MAX_EARLY ? null : Reason.TOO_EARLY;
        }
        boolean repeated = unseen.early().stream()
                .anyMatch(early -> Trigger.of(early) == trigger && java.util.Objects.equals(attempt(early), attempt(input)));
        return repeated ? Reason.DUPLICATE : null;
    }

    private static @Nullable AttemptId attempt(PredictionInput input) {
        return input instanceof PredictionInput.AttemptReported reported ? reported.event().attempt() : null;
    }
}
