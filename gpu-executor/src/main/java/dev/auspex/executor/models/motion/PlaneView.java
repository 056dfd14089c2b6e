package dev.auspex.executor.models.motion;

import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.Plane;

/**
 * The numbers that tie a plane of the frame to a plane of the picture.
 *
 * @param source the picture's plane
 * @param step frame pixels from one sample of the frame's plane to the next: 1, or 2 for colour
 * @param offsetX frame coordinate of the first sample's centre; colour sits on even brightness columns (H.264 E.2.1, type 0)
 * @param offsetY see {@code offsetX}; colour sits between two brightness rows
 * @param edgeX where the picture ends in the plane's coordinates
 * @param edgeY see {@code edgeX}
 */
record PlaneView(Plane source, int step, float offsetX, float offsetY, float edgeX, float edgeY) {

    static PlaneView of(Scene scene, int plane) {
        Plane source = scene.picture().plane(plane);
        float width = scene.picture().width();
        float height = scene.picture().height();
        return plane == 0
                ? new PlaneView(source, 1, 0.5f, 0.5f, width, height)
                : new PlaneView(source, 2, 0.5f, 1f, width / 2, height / 2);
    }

    /** How much of a pixel the picture covers: 1 inside, 0 outside, between them within one pixel of the edge. */
    static float coverage(float at, float edge, float footprint) {
        return clamp(Math.min(at, edge - at) / footprint + 0.5f, 0f, 1f);
    }

    /** Puts a value into its plane's legal range and rounds it. */
    static byte toByte(float value, int plane) {
        return (byte) (int) (clamp(value, Scene.FLOOR, Scene.ceiling(plane)) + 0.5f);
    }

    /** Mixes a value over the backdrop. */
    static float over(float value, float coverage, byte behind) {
        float back = behind & 0xff;
        return back + coverage * (value - back);
    }

    /** {@code Math.clamp} treats NaN and signed zeros, neither of which occur; per pixel that costs more than it gives. */
    private static float clamp(float value, float low, float high) {
        return value < low ? low : value > high ? high : value;
    }

    static int offset(FrameSize size, int plane, int row) {
        return size.offset(plane) + row * size.width(plane);
    }
}
