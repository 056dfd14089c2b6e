package dev.auspex.executor.video;

/**
 * Filter weights that make {@code to} samples out of {@code from}, {@code to <= from}: Catmull-Rom's cubic, widened by the
 * ratio so that nothing above the new Nyquist limit is left. Immutable.
 */
final class Shrinking {

    private static final double RADIUS = 2;

    private final int[] first;
    private final int[] count;
    private final float[] weights;
    private final int stride;

    Shrinking(int from, int to) {
        double ratio = (double) from / to;
        this.stride = (int) Math.ceil(2 * RADIUS * ratio) + 2;
        this.first = new int[to];
        this.count = new int[to];
        this.weights = new float[Math.multiplyExact(to, stride)];
        for (int i = 0; i < to; i++) {
            place(i, (i + 0.5) * ratio, ratio, from);
        }
    }

    /** The first source sample that target sample {@code i} needs. */
    int first(int i) {
        return first[i];
    }

    /** The source sample after the last one that target sample {@code i} needs. */
    int end(int i) {
        return first[i] + count[i];
    }

    /** The weight of source sample {@code source} in target sample {@code i}. */
    float weight(int i, int source) {
        return weights[i * stride + source - first[i]];
    }

    /** Shrinks a row of interleaved triples. */
    void row(float[] source, float[] target) {
        for (int i = 0; i < first.length; i++) {
            float red = 0;
            float green = 0;
            float blue = 0;
            int at = 3 * first[i];
            int weight = i * stride;
            for (int k = 0; k < count[i]; k++, at += 3) {
                float w = weights[weight + k];
                red += w * source[at];
                green += w * source[at + 1];
                blue += w * source[at + 2];
            }
            target[3 * i] = red;
            target[3 * i + 1] = green;
            target[3 * i + 2] = blue;
        }
    }

    private void place(int i, double centre, double ratio, int from) {
        int start = Math.max(0, (int) Math.floor(centre - RADIUS * ratio));
        int end = Math.min(from, (int) Math.ceil(centre + RADIUS * ratio));
        double sum = 0;
        for (int source = start; source < end; source++) {
            sum += cubic((source + 0.5 - centre) / ratio);
        }
        first[i] = start;
        count[i] = end - start;
        for (int source = start; source < end; source++) {
            weights[i * stride + source - start] = (float) (cubic((source + 0.5 - centre) / ratio) / sum);
        }
    }

    /** Keys' cubic convolution kernel with a = -1/2 (IEEE ASSP 29, 1981). */
    private static double cubic(double x) {
        double d = Math.abs(x);
        if (d < 1) {
            return (1.5 * d - 2.5) * d * d + 1;
        }
        return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    }
}
