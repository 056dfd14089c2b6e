package dev.auspex.executor.models.motion;

import dev.auspex.executor.video.FrameSize;

/**
 * How a picture lies behind the frame before the camera moves. All lengths are in picture coordinates.
 *
 * @param pictureWidth the picture's width
 * @param pictureHeight the picture's height
 * @param frame the frame
 * @param fit cover or contain
 * @param focus where the picture matters
 */
record Framing(double pictureWidth, double pictureHeight, FrameSize frame, Fit fit, Focus focus) {

    /** Picture units per frame pixel at zoom 1. */
    double unitsPerPixel() {
        double across = pictureWidth / frame.width();
        double down = pictureHeight / frame.height();
        return fit == Fit.COVER ? Math.min(across, down) : Math.max(across, down);
    }

    /** Width of what the frame shows at zoom 1. */
    double windowWidth() {
        return frame.width() * unitsPerPixel();
    }

    /** Height of what the frame shows at zoom 1. */
    double windowHeight() {
        return frame.height() * unitsPerPixel();
    }

    /** How far the window's centre may lie from the picture's, left or right, at a zoom. */
    double roamX(double zoom) {
        return Math.max(0, Math.max(pictureWidth, fit == Fit.COVER ? 0 : windowWidth()) - windowWidth() / zoom) / 2;
    }

    /** How far the window's centre may lie from the picture's, up or down, at a zoom. */
    double roamY(double zoom) {
        return Math.max(0, Math.max(pictureHeight, fit == Fit.COVER ? 0 : windowHeight()) - windowHeight() / zoom) / 2;
    }

    /** Centre of the window at a zoom, as near to the focus as the roam allows. */
    double centreX(double zoom) {
        return pictureWidth / 2 + toFocus(focus.x(), pictureWidth, roamX(zoom));
    }

    /** Centre of the window at a zoom, as near to the focus as the roam allows. */
    double centreY(double zoom) {
        return pictureHeight / 2 + toFocus(focus.y(), pictureHeight, roamY(zoom));
    }

    private static double toFocus(double focus, double side, double roam) {
        return Math.clamp((focus - 0.5) * side, -roam, roam);
    }
}
