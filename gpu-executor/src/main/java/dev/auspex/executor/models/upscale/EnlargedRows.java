package dev.auspex.executor.models.upscale;

import dev.auspex.executor.video.Plane;

/** Enlarges rows of one plane, down the columns first and then along the row. As the kernel {@code enlarge_plane}. */
final class EnlargedRows {

    private final Plane source;
    private final ScaleFilter across;
    private final ScaleFilter down;
    private final float[] columns;

    /** Scratch memory for one thread. */
    EnlargedRows(Plane source, ScaleFilter across, ScaleFilter down) {
        this.source = source;
        this.across = across;
        this.down = down;
        this.columns = new float[source.stride()];
    }

    /** Makes row {@code y} of the enlarged plane. @param at where it begins in the target */
    void row(int y, byte[] target, int at, int step) {
        int stride = source.stride();
        int top = (down.first(y) + Plane.MARGIN) * stride;
        float[] samples = source.samples();
        java.util.Arrays.fill(columns, 0);
        for (int tap = 0; tap < ScaleFilter.TAPS; tap++) {
            float weight = down.weight(y % down.scale(), tap);
            int line = top + tap * stride;
            for (int x = 0; x < stride; x++) {
                columns[x] += weight * samples[line + x];
            }
        }
        int scale = across.scale();
        for (int phase = 0; phase < scale; phase++) {
            along(phase, target, at + phase * step, step * scale);
        }
    }

    private void along(int phase, byte[] target, int at, int step) {
        float w0 = across.weight(phase, 0);
        float w1 = across.weight(phase, 1);
        float w2 = across.weight(phase, 2);
        float w3 = across.weight(phase, 3);
        float w4 = across.weight(phase, 4);
        float w5 = across.weight(phase, 5);
        int from = across.first(phase) + Plane.MARGIN;
        for (int x = 0; x < source.width(); x++, from++, at += step) {
            float sum = w0 * columns[from] + w1 * columns[from + 1] + w2 * columns[from + 2]
                    + w3 * columns[from + 3] + w4 * columns[from + 4] + w5 * columns[from + 5];
            target[at] = (byte) (int) (Math.clamp(sum, 0f, 255f) + 0.5f);
        }
    }
}
