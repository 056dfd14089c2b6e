package dev.auspex.router.domain;

import java.util.List;

/**
 * One cell of the transition table.
 *
 * @param from where the prediction stands
 * @param trigger what happens
 * @param to where it may then stand, unless the move refuses this particular input or replays what came early
 * @param move decides
 */
public record Transition(Phase from, Trigger trigger, List<Phase> to, Move move) {

    /** Copies the list. */
    public Transition {
        to = List.copyOf(to);
    }

    /** A pure function: it asks no clock, draws no random number and changes nothing. */
    @FunctionalInterface
    public interface Move {
        /**
         * Decides what the input, which is of the transition's kind, makes of the state, which is in its phase.
         *
         * @param retries when to try again
         */
        Decision apply(PredictionState state, PredictionInput input, RetryPolicy retries);
    }
}
