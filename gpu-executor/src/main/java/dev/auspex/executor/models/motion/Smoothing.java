package dev.auspex.executor.models.motion;

/** A Gaussian blur, separable, edges repeated. */
final class Smoothing {

    private static final double REACH = 3;

    private Smoothing() {}

    /**
     * Blurs row-major values in place.
     *
     * @param sigma in cells
     */
    static void blur(float[] values, int columns, int rows, double sigma) {
        float[] weights = weights(sigma);
        float[] line = new float[Math.max(columns, rows)];
        for (int row = 0; row < rows; row++) {
            along(values, row * columns, 1, columns, line, weights);
        }
        for (int column = 0; column < columns; column++) {
            along(values, column, columns, rows, line, weights);
        }
    }

    private static void along(float[] values, int start, int step, int count, float[] line, float[] weights) {
        for (int i = 0; i < count; i++) {
            line[i] = values[start + i * step];
        }
        for (int i = 0; i < count; i++) {
            float sum = weights[0] * line[i];
            for (int k = 1; k < weights.length; k++) {
                sum += weights[k] * (line[Math.max(0, i - k)] + line[Math.min(count - 1, i + k)]);
            }
            values[start + i * step] = sum;
        }
    }

    /** One half of the bell, the middle first; the whole adds up to 1. */
    private static float[] weights(double sigma) {
        int reach = Math.max(1, (int) Math.ceil(REACH * sigma));
        float[] weights = new float[reach + 1];
        double sum = 0;
        for (int k = 0; k <= reach; k++) {
            weights[k] = (float) Math.exp(-k * k / (2 * sigma * sigma));
            sum += k == 0 ? weights[k] : 2 * weights[k];
        }
        for (int k = 0; k <= reach; k++) {
            weights[k] /= (float) sum;
        }
        return weights;
    }
}
