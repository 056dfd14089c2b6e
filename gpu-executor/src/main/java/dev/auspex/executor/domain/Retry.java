package dev.auspex.executor.domain;

import java.time.Duration;

/** Pauses that double up to a bound. Immutable. */
public record Retry(Duration first, Duration most) {

    /** The pause after so many failures in a row. @param failures from 1 */
    public Duration after(int failures) {
        int doublings = Math.min(failures - 1, 30);
        Duration pause = first.multipliedBy(1L << doublings);
        return pause.compareTo(most) < 0 ? pause : most;
    }
}
