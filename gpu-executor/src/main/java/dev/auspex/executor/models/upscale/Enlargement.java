package dev.auspex.executor.models.upscale;

/**
 * How planes are enlarged.
 *
 * @param scale 1 to 4
 * @param denoise 0 to 1: how strong the noise is that goes
 */
record Enlargement(int scale, double denoise) {

    /** Standard deviation of the noise that goes at full strength, on the scale of 8 bits. */
    private static final double STRONGEST = 30;

    /** Two noisy views of one place differ by twice the variance; what differs by three times that still counts a little. */
    private static final double TOLERANCE = 2 * 3;

    /** 1 / the sum of squared differences over a place at which it no longer counts. */
    float inverse() {
        double deviation = STRONGEST * denoise;
        int samples = (2 * Denoiser.PATCH + 1) * (2 * Denoiser.PATCH + 1);
        return (float) (1 / (samples * TOLERANCE * deviation * deviation));
    }
}
