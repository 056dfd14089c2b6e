package dev.auspex.executor.models.motion;

/** How a move is spread over time. */
public enum Easing {
    /** Slow at both ends. */
    EASE_IN_OUT,
    /** Slow at the start. */
    EASE_IN,
    /** Slow at the end. */
    EASE_OUT,
    /** The same speed throughout. */
    LINEAR;

    /**
     * How far the move is.
     *
     * @param time 0 at the first frame, 1 at the last
     * @return 0 to 1, never decreasing with {@code time}
     */
    double at(double time) {
        return switch (this) {
            case EASE_IN_OUT -> (1 - Math.cos(Math.PI * time)) / 2;
            case EASE_IN -> 1 - Math.cos(Math.PI / 2 * time);
            case EASE_OUT -> Math.sin(Math.PI / 2 * time);
            case LINEAR -> time;
        };
    }
}
