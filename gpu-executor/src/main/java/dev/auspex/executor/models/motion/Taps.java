package dev.auspex.executor.models.motion;

import dev.auspex.executor.models.render.Lanczos;
import dev.auspex.executor.video.Plane;

/** For each sample along one axis of a straight frame: where its filter begins in the picture, and which weights it uses. */
final class Taps {

    private final int[] first;
    private final int[] weights;
    private final float[] centre;

    /**
     * @param count samples of the frame's plane along the axis
     * @param start picture coordinate of the first one's centre, in the plane's samples
     * @param step picture samples from one to the next
     * @param side the plane's length along the axis
     */
    Taps(int count, double start, double step, int side, int taps) {
        this.first = new int[count];
        this.weights = new int[count];
        this.centre = new float[count];
        for (int i = 0; i < count; i++) {
            double at = start + i * step;
            int whole = (int) Math.floor(at - 0.5);
            int phase = (int) ((at - 0.5 - whole) * Lanczos.PHASES + 0.5);
            first[i] = begin(whole, side, taps);
            weights[i] = phase * taps;
            centre[i] = (float) at;
        }
    }

    /** The first sample under a filter, moved back into the margin: farther out all samples are alike. */
    static int begin(int whole, int side, int taps) {
        return Math.max(-Plane.MARGIN, Math.min(whole - taps / 2 + 1, side + Plane.MARGIN - taps));
    }

    int first(int i) {
        return first[i];
    }

    /** Index into {@link Lanczos#weights()}. */
    int weights(int i) {
        return weights[i];
    }

    /** Picture coordinate, for the coverage of edges. */
    float centre(int i) {
        return centre[i];
    }
}
