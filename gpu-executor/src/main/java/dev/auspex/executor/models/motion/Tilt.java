package dev.auspex.executor.models.motion;

/**
 * How the camera is turned, in radians.
 *
 * @param roll about its own axis; positive turns the camera clockwise
 * @param yaw about the vertical axis; positive looks at the picture from the left
 */
record Tilt(double roll, double yaw) {

    /** Straight at the picture. */
    static final Tilt NONE = new Tilt(0, 0);

    boolean isStraight() {
        return roll == 0 && yaw == 0;
    }
}
