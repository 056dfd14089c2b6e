package dev.auspex.executor.models.upscale;

import dev.auspex.executor.video.Plane;
import java.util.Arrays;
import java.util.List;

/**
 * Non-local means (Buades, Coll, Morel: CVPR 2005) with weights that end at a limit: every sample becomes the mean of those
 * nearby whose surroundings look alike. The kernel {@code denoise_planes} does the same. Several threads may clean different
 * rows at once.
 */
final class Denoiser {

    /** How far similar places are looked for, in samples. */
    static final int SEARCH = 5;

    /** How far the surroundings of a sample reach. */
    static final int PATCH = 2;

    private final Plane guide;
    private final List<Plane> sources;
    private final List<Plane> targets;
    private final float inverse;

    /** @param targets of the sources' sizes; filled but for their margins */
    Denoiser(Plane guide, List<Plane> sources, List<Plane> targets, float inverse) {
        this.guide = guide;
        this.sources = sources;
        this.targets = targets;
        this.inverse = inverse;
    }

    /** Cleans some rows. Differences are summed along rows first, so that every sum is used five times. */
    void rows(int from, int to) {
        int width = guide.width();
        float[] total = new float[(to - from) * width];
        float[][] sums = new float[sources.size()][total.length];
        float[] squares = new float[width + 2 * PATCH];
        float[][] across = new float[to - from + 2 * PATCH][width];
        float[] weights = new float[width];
        for (int dy = -SEARCH; dy <= SEARCH; dy++) {
            for (int dx = -SEARCH; dx <= SEARCH; dx++) {
                for (int row = 0; row < across.length; row++) {
                    squares(guide.index(-PATCH, from - PATCH + row), dy * guide.stride() + dx, squares);
                    acrossPatch(squares, across[row]);
                }
                for (int y = from; y < to; y++) {
                    weigh(across, y - from, weights);
                    int line = (y - from) * width;
                    add(weights, total, line);
                    for (int plane = 0; plane < sums.length; plane++) {
                        addWeighted(weights, sources.get(plane).samples(), guide.index(dx, y + dy), sums[plane], line);
                    }
                }
            }
        }
        for (int plane = 0; plane < sums.length; plane++) {
            float[] target = targets.get(plane).samples();
            for (int y = from; y < to; y++) {
                int line = (y - from) * width;
                int at = guide.index(0, y);
                for (int x = 0; x < width; x++) {
                    target[at + x] = sums[plane][line + x] / total[line + x];
                }
            }
        }
    }

    private void squares(int at, int shift, float[] squares) {
        float[] samples = guide.samples();
        for (int x = 0; x < squares.length; x++) {
            float difference = samples[at + x] - samples[at + shift + x];
            squares[x] = difference * difference;
        }
    }

    private static void acrossPatch(float[] squares, float[] across) {
        for (int x = 0; x < across.length; x++) {
            across[x] = squares[x] + squares[x + 1] + squares[x + 2] + squares[x + 3] + squares[x + 4];
        }
    }

    private void weigh(float[][] across, int row, float[] weights) {
        Arrays.fill(weights, 0);
        for (int v = 0; v <= 2 * PATCH; v++) {
            add(across[row + v], weights, 0);
        }
        for (int x = 0; x < weights.length; x++) {
            float alike = Math.max(0, 1 - weights[x] * inverse);
            weights[x] = alike * alike;
        }
    }

    private static void add(float[] values, float[] to, int at) {
        for (int x = 0; x < values.length; x++) {
            to[at + x] += values[x];
        }
    }

    private static void addWeighted(float[] weights, float[] source, int from, float[] to, int at) {
        for (int x = 0; x < weights.length; x++) {
            to[at + x] += weights[x] * source[from + x];
        }
    }
}
