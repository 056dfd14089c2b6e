package dev.auspex.router.domain;

/**
 * One cell of the transition table.
 *
 * @param from where the prediction stands
 * @param trigger what happens
 * @param to where it then stands, unless the move refuses this particular input or replays what came early
 * @param move decides
 */
public record Transition(Phase from, Trigger trigger, Phase to, Move move) {

    /** A pure function: it asks no clock, draws no random number and changes nothing. */
    @FunctionalInterface
    public interface Move {
        /** Decides what the input, which is of the transition's kind, makes of the state, which is in its phase. */
        Decision apply(PredictionState state, PredictionInput input);
    }
}
