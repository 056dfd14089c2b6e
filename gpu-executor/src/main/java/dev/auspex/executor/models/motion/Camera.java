package dev.auspex.executor.models.motion;

/**
 * Where the camera is in one frame.
 *
 * @param x the point of the picture in the middle of the frame, in picture coordinates
 * @param y see {@code x}
 * @param zoom 1 shows the framing's whole window, 2 half of it in each direction
 * @param tilt how it is turned
 * @param relief how much depth shows
 */
record Camera(double x, double y, double zoom, Tilt tilt, Relief relief) {

    /** Straight at a flat picture. */
    static Camera flat(double x, double y, double zoom) {
        return new Camera(x, y, zoom, Tilt.NONE, Relief.NONE);
    }
}
