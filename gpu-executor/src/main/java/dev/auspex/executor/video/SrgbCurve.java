package dev.auspex.executor.video;

/** The transfer curve of IEC 61966-2-1 as tables, between 8-bit codes and linear light from 0 to 1. */
final class SrgbCurve {

    private static final int STEPS = 1 << 16;
    private static final float[] LINEAR = new float[256];
    private static final float[] ENCODED = new float[STEPS + 1];

    static {
        for (int code = 0; code < LINEAR.length; code++) {
            double c = code / 255.0;
            LINEAR[code] = (float) (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
        }
        for (int step = 0; step <= STEPS; step++) {
            double l = (double) step / STEPS;
            ENCODED[step] = (float) (255 * (l <= 0.0031308 ? 12.92 * l : 1.055 * Math.pow(l, 1 / 2.4) - 0.055));
        }
    }

    private SrgbCurve() {}

    static float linear(int code) {
        return LINEAR[code];
    }

    /** From light to 0 to 255, not rounded; light outside 0 to 1 is clipped. */
    static float encoded(float light) {
        return ENCODED[(int) (Math.clamp(light, 0f, 1f) * STEPS + 0.5f)];
    }
}
