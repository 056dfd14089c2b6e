package dev.auspex.executor.models.scene;

/** C's functions for {@code float}. */
final class FloatMath {

    private FloatMath() {}

    static float clip(float v, float low, float high) {
        return Math.min(Math.max(v, low), high);
    }

    static float step01(float from, float to, float v) {
        float t = clip((v - from) / (to - from), 0.0f, 1.0f);
        return t * t * (3.0f - 2.0f * t);
    }

    static float fraction(float v) {
        return v - floor(v);
    }

    static float sqrt(float v) {
        return (float) Math.sqrt(v);
    }

    static float floor(float v) {
        return (float) Math.floor(v);
    }

    static float sin(float v) {
        return (float) Math.sin(v);
    }

    static float cos(float v) {
        return (float) Math.cos(v);
    }

    static float exp(float v) {
        return (float) Math.exp(v);
    }

    static float pow(float a, float b) {
        return (float) Math.pow(a, b);
    }

    static float atan2(float a, float b) {
        return (float) Math.atan2(a, b);
    }

    static float min(float a, float b) {
        return Math.min(a, b);
    }

    static float max(float a, float b) {
        return Math.max(a, b);
    }

    static float abs(float v) {
        return Math.abs(v);
    }
}
