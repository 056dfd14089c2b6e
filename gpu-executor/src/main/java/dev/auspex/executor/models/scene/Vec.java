package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.FloatMath.sqrt;

/**
 * Three numbers: a place, a direction or a light. The functions read as those in the kernel's source do.
 *
 * @param x to the right, or red
 * @param y up, or green
 * @param z ahead, or blue
 */
record Vec(float x, float y, float z) {

    static Vec vec(float x, float y, float z) {
        return new Vec(x, y, z);
    }

    static Vec at(float[] u, int i) {
        return new Vec(u[i], u[i + 1], u[i + 2]);
    }

    static Vec plus(Vec a, Vec b) {
        return new Vec(a.x + b.x, a.y + b.y, a.z + b.z);
    }

    static Vec times(Vec a, float s) {
        return new Vec(a.x * s, a.y * s, a.z * s);
    }

    static Vec tint(Vec a, Vec b) {
        return new Vec(a.x * b.x, a.y * b.y, a.z * b.z);
    }

    static float dot(Vec a, Vec b) {
        return a.x * b.x + a.y * b.y + a.z * b.z;
    }

    static Vec unit(Vec a) {
        return times(a, 1.0f / sqrt(dot(a, a)));
    }

    static Vec blend(Vec a, Vec b, float t) {
        return new Vec(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, a.z + (b.z - a.z) * t);
    }
}
