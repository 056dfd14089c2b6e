package dev.auspex.router.domain;

import static dev.auspex.router.domain.Phase.ABORTED;
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
            row(UNSEEN, Trigger.JOB_ACCEPTED, PredictionLife::accept, QUEUED),
            row(UNSEEN, Trigger.STARTED, PredictionLife::remember, UNSEEN),
            row(UNSEEN, Trigger.OUTPUT_APPENDED, PredictionLife::remember, UNSEEN),
            row(UNSEEN, Trigger.LOGS_APPENDED, PredictionLife::remember, UNSEEN),
            row(UNSEEN, Trigger.PROGRESSED, PredictionLife::remember, UNSEEN),
            row(UNSEEN, Trigger.SUCCEEDED, PredictionLife::remember, UNSEEN),
            row(UNSEEN, Trigger.FAILED, PredictionLife::remember, UNSEEN),
            row(UNSEEN, Trigger.CANCELED, PredictionLife::remember, UNSEEN),
            row(UNSEEN, Trigger.REDELIVERED, PredictionLife::remember, UNSEEN),
            row(UNSEEN, Trigger.RETURNED, PredictionLife::remember, UNSEEN),
            row(UNSEEN, Trigger.CANCEL_REQUESTED, PredictionLife::remember, UNSEEN),
            row(QUEUED, Trigger.STARTED, Moves::start, RUNNING),
            row(QUEUED, Trigger.SUCCEEDED, Ends::complete, SUCCEEDED),
            row(QUEUED, Trigger.FAILED, Ends::fail, FAILED, QUEUED),
            row(QUEUED, Trigger.CANCELED, Ends::complete, CANCELED),
            row(QUEUED, Trigger.REDELIVERED, Rounds::redelivered, QUEUED, FAILED),
            row(QUEUED, Trigger.RETURNED, Rounds::returned, QUEUED),
            row(QUEUED, Trigger.RELEASED, Rounds::released, QUEUED),
            row(QUEUED, Trigger.TIMER_FIRED, Moves::wake, QUEUED, ABORTED),
            row(QUEUED, Trigger.CANCEL_REQUESTED, Moves::cancelQueued, CANCELED),
            row(RUNNING, Trigger.STARTED, Moves::start, RUNNING),
            row(RUNNING, Trigger.OUTPUT_APPENDED, Moves::appendOutput, RUNNING),
            row(RUNNING, Trigger.LOGS_APPENDED, Moves::appendLogs, RUNNING),
            row(RUNNING, Trigger.PROGRESSED, Moves::progress, RUNNING),
            row(RUNNING, Trigger.RENEWED, Moves::progress, RUNNING),
            row(RUNNING, Trigger.SUCCEEDED, Ends::complete, SUCCEEDED),
            row(RUNNING, Trigger.FAILED, Ends::fail, FAILED, QUEUED, CANCELED),
            row(RUNNING, Trigger.CANCELED, Ends::complete, CANCELED),
            row(RUNNING, Trigger.REDELIVERED, Rounds::redelivered, QUEUED, FAILED, CANCELED),
            row(RUNNING, Trigger.RETURNED, Rounds::returned, QUEUED, CANCELED),
            row(RUNNING, Trigger.ATTEMPT_SILENT, Rounds::silent, QUEUED, FAILED, CANCELED),
            row(RUNNING, Trigger.CANCEL_REQUESTED, Moves::markCanceled, RUNNING),
            row(SUCCEEDED, Trigger.DATA_EXPIRED, Moves::removeData, SUCCEEDED),
            row(FAILED, Trigger.DATA_EXPIRED, Moves::removeData, FAILED),
            row(CANCELED, Trigger.DATA_EXPIRED, Moves::removeData, CANCELED),
            row(ABORTED, Trigger.DATA_EXPIRED, Moves::removeData, ABORTED));

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

    /**
     * Decides what an input makes of a state. Never throws for anything a topic can hold.
     *
     * @param retries when to try again
     */
    public static Decision apply(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Trigger trigger = Trigger.of(input);
        Transition transition = cells(state.phase()).get(trigger);
        if (transition == null) {
            return new Ignored(refusal(state.phase(), input));
        }
        Decision decision = transition.move().apply(state, input, retries);
        if (decision instanceof Applied applied && !leadsTo(transition, state, applied.state().phase())) {
            throw new IllegalStateException("the transition table has no move from " + state.phase() + " by "
                    + trigger + " to " + applied.state().phase());
        }
        return decision;
    }

    private static Map<Trigger, Transition> cells(Phase phase) {
        return java.util.Objects.requireNonNull(BY_PHASE.get(phase));
    }

    private static Transition row(Phase from, Trigger trigger, Transition.Move move, Phase... to) {
        return new Transition(from, trigger, List.of(to), move);
    }

    // A job that comes last is carried on at once to wherever the remembered inputs lead.
    private static boolean leadsTo(Transition transition, PredictionState before, Phase reached) {
        boolean replayed = before instanceof Unseen unseen && !unseen.early().isEmpty() && reached != UNSEEN;
        return transition.to().contains(reached) || replayed;
    }

    private static Reason refusal(Phase phase, PredictionInput input) {
        if (input instanceof PredictionInput.JobAccepted(var job)) {
            return job.attempt() > 0 ? Reason.OWN_RETRY : Reason.DUPLICATE;
        }
        return phase.isTerminal() ? Reason.LATE : Reason.NOT_STARTED;
    }

    private static Decision accept(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Unseen unseen = (Unseen) state;
        Known created = Moves.created(((PredictionInput.JobAccepted) input).job());
        List<Decision.Snapshot> snapshots = new ArrayList<>();
        snapshots.add(new Decision.Snapshot(created, null));
        List<Decision.Effect> effects = new ArrayList<>(0);
        PredictionState reached = created;
        for (PredictionInput early : unseen.early()) {
            if (apply(reached, early, retries) instanceof Applied applied) {
                reached = applied.state();
                snapshots.addAll(applied.snapshots());
                effects.addAll(applied.effects());
            }
        }
        if (reached.phase().isTerminal()) {
            effects.removeIf(Decision.Effect.Requeue.class::isInstance); // what has ended is not tried again
        }
        return new Applied(reached, snapshots, effects);
    }

    private static Decision remember(PredictionState state, PredictionInput input, RetryPolicy retries) {
        Unseen unseen = (Unseen) state;
        Reason reason = reasonToForget(unseen, input);
        return reason == null ? new Applied(unseen.with(input), List.of()) : new Ignored(reason);
    }

    private static @Nullable Reason reasonToForget(Unseen unseen, PredictionInput input) {
        Trigger trigger = Trigger.of(input);
        if (unseen.early().stream().anyMatch(early -> Trigger.of(early).isFinal())) {
            return Reason.LATE;
        }
        if (trigger.isProgress() || trigger == Trigger.REDELIVERED) { // what a repeated one means depends on what ran then
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
