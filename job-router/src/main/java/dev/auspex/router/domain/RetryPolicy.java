package dev.auspex.router.domain;

import dev.auspex.protocol.PredictionId;
import java.time.Duration;

/**
 * How long a failed attempt waits for the next one: the pause doubles with every failure up to a minute, give or take a
 * fifth, so that what failed together does not come back together. Decided from the prediction's id and not by chance:
 * every machine and every repetition comes to the same time. Immutable; safe for any thread.
 *
 * @param pause after the first failure
 */
public record RetryPolicy(Duration pause) {

    private static final long LONGEST_MILLIS = 60_000;
    private static final double SPREAD = 0.2;
    private static final int MAX_DOUBLINGS = 16;

    /** The pause after so many failures. @param failures at least 1 */
    Duration after(int failures, PredictionId id) {
        long doubled = pause.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS);
        double millis = Math.min(LONGEST_MILLIS, doubled) * (1 - SPREAD + 2 * SPREAD * fraction(failures, id));
        return Duration.ofMillis((long) millis);
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014) over the id's hash, whose formula String's contract fixes.
    private static double fraction(int failures, PredictionId id) {
        long bits = id.value().hashCode() * 0x9E3779B97F4A7C15L + failures;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return ((bits ^ (bits >>> 31)) >>> 11) * 0x1.0p-53;
    }
}
