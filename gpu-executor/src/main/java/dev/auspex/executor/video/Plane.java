package dev.auspex.executor.video;

/**
 * One channel of a picture in memory: row-major floats with a margin on every side that repeats the nearest sample, so that
 * a filter's window may reach over the edge without asking. Written while it is made, read-only afterwards.
 *
 * @param samples {@code stride * (height + 2 * MARGIN)} values on the scale of 8-bit video
 * @param width samples per row, without the margin
 * @param height rows, without the margin
 */
@SuppressWarnings("ArrayRecordComponent") // Passed around, never compared.
public record Plane(float[] samples, int width, int height) {

    /** Samples repeated beyond every edge. */
    public static final int MARGIN = 16;

    /** An empty plane; call {@link #repeatEdges} when it is filled. */
    public static Plane of(int width, int height) {
        return new Plane(new float[Math.multiplyExact(width + 2 * MARGIN, height + 2 * MARGIN)], width, height);
    }

    /** A plane of row-major values without a margin. */
    public static Plane of(float[] values, int width, int height) {
        Plane plane = of(width, height);
        for (int y = 0; y < height; y++) {
            System.arraycopy(values, y * width, plane.samples, plane.index(0, y), width);
        }
        plane.repeatEdges();
        return plane;
    }

    /** Floats from one row to the next. */
    public int stride() {
        return width + 2 * MARGIN;
    }

    /** Index of a sample; negative coordinates down to {@code -MARGIN} lie in the margin. */
    public int index(int x, int y) {
        return (y + MARGIN) * stride() + x + MARGIN;
    }

    /** Fills the margin from the edge samples. */
    public void repeatEdges() {
        for (int y = 0; y < height; y++) {
            int first = index(0, y);
            java.util.Arrays.fill(samples, first - MARGIN, first, samples[first]);
            java.util.Arrays.fill(samples, first + width, first + width + MARGIN, samples[first + width - 1]);
        }
        int top = index(-MARGIN, 0);
        int bottom = index(-MARGIN, height - 1);
        for (int i = 1; i <= MARGIN; i++) {
            System.arraycopy(samples, top, samples, top - i * stride(), stride());
            System.arraycopy(samples, bottom, samples, bottom + i * stride(), stride());
        }
    }
}
