package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.FloatMath.clip;
import static dev.auspex.executor.models.scene.FloatMath.exp;
import static dev.auspex.executor.models.scene.FloatMath.floor;
import static dev.auspex.executor.models.scene.FloatMath.max;
import static dev.auspex.executor.models.scene.FloatMath.pow;
import static dev.auspex.executor.models.scene.FloatMath.sqrt;
import static dev.auspex.executor.models.scene.FloatMath.step01;
import static dev.auspex.executor.models.scene.Noise.chance;
import static dev.auspex.executor.models.scene.Noise.cloud2;
import static dev.auspex.executor.models.scene.Noise.cloud3;
import static dev.auspex.executor.models.scene.Noise.noise3;
import static dev.auspex.executor.models.scene.SceneUniforms.CLOUDS;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_B;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_C;
import static dev.auspex.executor.models.scene.SceneUniforms.FAMILY;
import static dev.auspex.executor.models.scene.SceneUniforms.FOG;
import static dev.auspex.executor.models.scene.SceneUniforms.HORIZON;
import static dev.auspex.executor.models.scene.SceneUniforms.NIGHT;
import static dev.auspex.executor.models.scene.SceneUniforms.PLANETS;
import static dev.auspex.executor.models.scene.SceneUniforms.SEED;
import static dev.auspex.executor.models.scene.SceneUniforms.SUN;
import static dev.auspex.executor.models.scene.SceneUniforms.SUNLIGHT;
import static dev.auspex.executor.models.scene.SceneUniforms.TIME;
import static dev.auspex.executor.models.scene.SceneUniforms.ZENITH;
import static dev.auspex.executor.models.scene.Vec.at;
import static dev.auspex.executor.models.scene.Vec.blend;
import static dev.auspex.executor.models.scene.Vec.dot;
import static dev.auspex.executor.models.scene.Vec.plus;
import static dev.auspex.executor.models.scene.Vec.times;
import static dev.auspex.executor.models.scene.Vec.vec;

/** What is seen where nothing stands, and what the air between adds. As the section of this name in the kernel's source. */
final class Sky {

    private Sky() {}

    static Vec stars(float[] u, Vec ray) {
        // A cell of a cube around the eye holds at most one star.
        float x = ray.x() * 90.0f;
        float y = ray.y() * 90.0f;
        float z = ray.z() * 90.0f;
        float fx = floor(x);
        float fy = floor(y);
        float fz = floor(z);
        int i = (int) fx;
        int j = (int) fy;
        int k = (int) fz;
        float born = chance(i + 512, j + 512, k + 512);
        if (born > 0.055f) {
            return vec(0.0f, 0.0f, 0.0f);
        }
        float dx = x - fx - 0.3f - 0.4f * chance(i, j, k + 1);
        float dy = y - fy - 0.3f - 0.4f * chance(i, j, k + 2);
        float dz = z - fz - 0.3f - 0.4f * chance(i, j, k + 3);
        float near = max(0.0f, 1.0f - 3.6f * sqrt(dx * dx + dy * dy + dz * dz));
        float bright = near * near * (0.25f + 2.2f * chance(i, j, k + 4) * chance(i, j, k + 5));
        return times(blend(vec(1.0f, 0.82f, 0.62f), vec(0.66f, 0.8f, 1.0f), chance(i, j, k + 6)), bright);
    }

    static Vec sky(float[] u, Vec ray) {
        Vec sun = at(u, SUN);
        float toSun = max(0.0f, dot(ray, sun));
        if ((int) u[FAMILY] == PLANETS) {
            Vec p = times(ray, 2.3f);
            float mist = cloud3(vec(p.x() + 10.0f * u[SEED], p.y(), p.z()), 5);
            float veil = step01(0.42f, 0.78f, mist);
            Vec colour = blend(at(u, COLOUR_B), at(u, COLOUR_C), step01(0.35f, 0.65f, noise3(p.x() * 1.3f, p.y() * 1.3f + 9.0f, p.z() * 1.3f)));
            Vec space = plus(vec(0.004f, 0.005f, 0.01f), times(colour, 0.22f * veil));
            space = plus(space, times(stars(u, ray), 1.0f - 0.5f * veil));
            return plus(space, times(at(u, SUNLIGHT), 0.9f * pow(toSun, 900.0f) + 0.05f * pow(toSun, 40.0f)));
        }
        float up = max(ray.y(), 0.0f);
        float low = exp(-5.5f * up);
        Vec colour = blend(at(u, ZENITH), at(u, HORIZON), low);
        Vec glow = at(u, SUNLIGHT);
        colour = plus(colour, times(glow, 0.16f * pow(toSun, 6.0f) + 0.25f * pow(toSun, 48.0f) + 5.0f * step01(0.99935f, 0.9998f, toSun)));
        if (u[NIGHT] > 0.0f && ray.y() > 0.0f) {
            colour = plus(colour, times(stars(u, ray), u[NIGHT] * step01(0.0f, 0.25f, ray.y())));
        }
        if (u[CLOUDS] > 0.0f && ray.y() > 0.015f) {
            float far = 1.0f / (ray.y() + 0.09f);
            float x = ray.x() * far * 1.15f + 0.02f * u[TIME] + 7.0f * u[SEED];
            float z = ray.z() * far * 1.15f + 0.011f * u[TIME];
            float thick = cloud2(x, z, 5);
            float cover = step01(0.62f - 0.36f * u[CLOUDS], 0.92f - 0.3f * u[CLOUDS], thick) * step01(0.015f, 0.16f, ray.y());
            // Lit where it is thinner towards the sun.
            float towards = cloud2(x + 0.18f * sun.x(), z + 0.18f * sun.z(), 3);
            float lit = clip(0.55f + 2.2f * (thick - towards), 0.1f, 1.0f);
            Vec white = plus(times(glow, 0.34f * lit + 0.5f * pow(toSun, 10.0f)), times(blend(at(u, ZENITH), at(u, HORIZON), 0.6f), 0.75f));
            colour = blend(colour, white, 0.9f * cover);
        }
        return colour;
    }

    /** What the air between adds. */
    static Vec air(float[] u, Vec colour, Vec ray, float t) {
        float thick = 1.0f - exp(-u[FOG] * t);
        float toSun = max(0.0f, dot(ray, at(u, SUN)));
        Vec haze = blend(at(u, HORIZON), at(u, ZENITH), 0.12f);
        haze = plus(haze, times(at(u, SUNLIGHT), 0.13f * pow(toSun, 5.0f)));
        return blend(colour, haze, thick);
    }
}
