package dev.auspex.executor.models.motion;

/** The part of the picture that matters: kept when something must be cut off, and where zooms go. */
public enum Focus {
    /** The middle. */
    CENTER(0.5, 0.5),
    /** The middle of the upper edge. */
    TOP(0.5, 0),
    /** The middle of the lower edge. */
    BOTTOM(0.5, 1),
    /** The middle of the left edge. */
    LEFT(0, 0.5),
    /** The middle of the right edge. */
    RIGHT(1, 0.5),
    /** A corner. */
    TOP_LEFT(0, 0),
    /** A corner. */
    TOP_RIGHT(1, 0),
    /** A corner. */
    BOTTOM_LEFT(0, 1),
    /** A corner. */
    BOTTOM_RIGHT(1, 1);

    private final double x;
    private final double y;

    Focus(double x, double y) {
        this.x = x;
        this.y = y;
    }

    /** 0 left to 1 right. */
    double x() {
        return x;
    }

    /** 0 top to 1 bottom. */
    double y() {
        return y;
    }
}
