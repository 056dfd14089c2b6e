package dev.auspex.executor.models.render;

/**
 * A windowed-sinc filter (Lanczos, three lobes) as a table: for every fraction of a sample, the weights of the samples
 * around it. Where the picture is shown smaller than it is, the filter widens by the same factor, so that fine detail fades
 * instead of shimmering. Immutable.
 *
 * @param weights {@code (PHASES + 1) * taps} values; each group of {@code taps} adds up to 1
 * @param taps samples per filter and axis, even
 */
@SuppressWarnings("ArrayRecordComponent") // Passed around, never compared.
public record Lanczos(float[] weights, int taps) {

    /** Steps per sample: a move of less than this cannot be seen. */
    public static final int PHASES = 1024;

    /** The widest filter that planes have margin for. */
    public static final int MAX_TAPS = 16;

    private static final int LOBES = 3;

    /** So little widening cannot be seen, and would cost two more taps. */
    private static final double NEGLIGIBLE = 1.1;

    /**
     * The filter for a view.
     *
     * @param footprint samples per frame pixel; below 1.1 counts as 1, above what {@link #MAX_TAPS} holds is cut off
     */
    public static Lanczos forFootprint(double footprint) {
        double width = footprint < NEGLIGIBLE ? 1 : Math.min(footprint, (double) MAX_TAPS / 2 / LOBES);
        int taps = 2 * (int) Math.ceil(LOBES * width - 1e-9);
        float[] weights = new float[(PHASES + 1) * taps];
        double[] group = new double[taps];
        for (int phase = 0; phase <= PHASES; phase++) {
            double sum = 0;
            for (int tap = 0; tap < taps; tap++) {
                group[tap] = lanczos((tap - taps / 2 + 1 - (double) phase / PHASES) / width);
                sum += group[tap];
            }
            for (int tap = 0; tap < taps; tap++) {
                weights[phase * taps + tap] = (float) (group[tap] / sum);
            }
        }
        return new Lanczos(weights, taps);
    }

    private static double lanczos(double x) {
        if (Math.abs(x) >= LOBES) {
            return 0;
        }
        if (Math.abs(x) < 1e-9) {
            return 1;
        }
        double t = Math.PI * x;
        return LOBES * Math.sin(t) * Math.sin(t / LOBES) / (t * t);
    }
}
