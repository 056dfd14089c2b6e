package dev.auspex.protocol;

/**
 * Where a replayed prediction comes from.
 *
 * @param prediction the one that is repeated
 * @param replay the replay that did it; an id like a prediction's
 */
public record ReplayOf(PredictionId prediction, PredictionId replay) {}
