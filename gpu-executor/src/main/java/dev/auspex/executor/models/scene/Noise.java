package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.FloatMath.clip;
import static dev.auspex.executor.models.scene.FloatMath.floor;
import static dev.auspex.executor.models.scene.Vec.vec;

/** Chance and noise that are the same everywhere: whole numbers decide, not a generator. As the section of this name in the kernel's source. */
final class Noise {

    private Noise() {}

    /** 0 to 1 for three whole numbers, the same everywhere. */
    static float chance(int x, int y, int z) {
        int h = x * 0x8da6b343 + y * 0xd8163841 + z * 0xcb1ab31f;
        h = (h ^ (h >>> 15)) * 0x2c1b3c6d;
        h = (h ^ (h >>> 12)) * 0x297a2d39;
        h ^= h >>> 15;
        return (h & 0xffffff) / 16777216.0f;
    }

    static float noise2(float x, float y) {
        float fx = floor(x);
        float fy = floor(y);
        int i = (int) fx;
        int j = (int) fy;
        float tx = x - fx;
        float ty = y - fy;
        float a = tx * tx * (3.0f - 2.0f * tx);
        float b = ty * ty * (3.0f - 2.0f * ty);
        float low = chance(i, j, 7) + a * (chance(i + 1, j, 7) - chance(i, j, 7));
        float high = chance(i, j + 1, 7) + a * (chance(i + 1, j + 1, 7) - chance(i, j + 1, 7));
        return low + b * (high - low);
    }

    static float noise3(float x, float y, float z) {
        float fz = floor(z);
        int k = (int) fz;
        float tz = z - fz;
        float c = tz * tz * (3.0f - 2.0f * tz);
        // Two slices of the plane noise, far apart from each other.
        float near = noise2(x + 57.31f * k, y - 31.17f * k);
        float next = noise2(x + 57.31f * (k + 1), y - 31.17f * (k + 1));
        return near + c * (next - near);
    }

    static float cloud2(float x, float y, int octaves) {
        float sum = 0.0f;
        float weight = 0.5f;
        for (int i = 0; i < octaves; i++) {
            sum += weight * noise2(x, y);
            float turned = 1.6f * x + 1.2f * y + 13.7f;
            y = 1.6f * y - 1.2f * x - 5.3f;
            x = turned;
            weight *= 0.5f;
        }
        return sum;
    }

    static float cloud3(Vec p, int octaves) {
        float sum = 0.0f;
        float weight = 0.5f;
        for (int i = 0; i < octaves; i++) {
            sum += weight * noise3(p.x(), p.y(), p.z());
            float turned = 1.6f * p.x() + 1.2f * p.z() + 3.1f;
            p = vec(turned, 2.0f * p.y() + 1.7f, 1.6f * p.z() - 1.2f * p.x() - 7.9f);
            weight *= 0.5f;
        }
        return sum;
    }

    /** Joins two bodies softly over k. */
    static float join(float a, float b, float k) {
        float h = clip(0.5f + 0.5f * (b - a) / k, 0.0f, 1.0f);
        return b + (a - b) * h - k * h * (1.0f - h);
    }
}
