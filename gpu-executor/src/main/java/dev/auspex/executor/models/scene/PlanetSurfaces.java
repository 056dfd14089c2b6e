package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.FloatMath.abs;
import static dev.auspex.executor.models.scene.FloatMath.clip;
import static dev.auspex.executor.models.scene.FloatMath.cos;
import static dev.auspex.executor.models.scene.FloatMath.fraction;
import static dev.auspex.executor.models.scene.FloatMath.sin;
import static dev.auspex.executor.models.scene.FloatMath.sqrt;
import static dev.auspex.executor.models.scene.FloatMath.step01;
import static dev.auspex.executor.models.scene.Marching.shadow;
import static dev.auspex.executor.models.scene.Noise.cloud3;
import static dev.auspex.executor.models.scene.Noise.noise2;
import static dev.auspex.executor.models.scene.SceneUniforms.AMOUNT;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_A;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_B;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_C;
import static dev.auspex.executor.models.scene.SceneUniforms.MOON;
import static dev.auspex.executor.models.scene.SceneUniforms.SEED;
import static dev.auspex.executor.models.scene.SceneUniforms.SUN;
import static dev.auspex.executor.models.scene.SceneUniforms.SUNLIGHT;
import static dev.auspex.executor.models.scene.SceneUniforms.TIME;
import static dev.auspex.executor.models.scene.Surfaces.lit;
import static dev.auspex.executor.models.scene.Vec.at;
import static dev.auspex.executor.models.scene.Vec.blend;
import static dev.auspex.executor.models.scene.Vec.dot;
import static dev.auspex.executor.models.scene.Vec.plus;
import static dev.auspex.executor.models.scene.Vec.times;
import static dev.auspex.executor.models.scene.Vec.tint;
import static dev.auspex.executor.models.scene.Vec.unit;
import static dev.auspex.executor.models.scene.Vec.vec;

/** How planets, moons and rings look. As the section of this name in the kernel's source. */
final class PlanetSurfaces {

    private PlanetSurfaces() {}

    /** Rings of a planet that a ray crosses before t: their colour and how much they hide. */
    static Vec rings(float[] u, Vec colour, Vec eye, Vec ray, float t) {
        if (u[AMOUNT] < 0.5f) {
            return colour;
        }
        Vec axis = unit(vec(0.32f, 1.0f, 0.18f));
        float along = dot(ray, axis);
        if (abs(along) < 1e-4f) {
            return colour;
        }
        float s = -dot(eye, axis) / along;
        if (s < 0.0f || s > t) {
            return colour;
        }
        Vec p = plus(eye, times(ray, s));
        float r = sqrt(dot(p, p));
        float within = step01(6.3f, 6.5f, r) * (1.0f - step01(10.2f, 10.6f, r));
        if (within <= 0.0f) {
            return colour;
        }
        float bands = noise2(r * 7.0f, 3.0f + 5.0f * u[SEED]) * 0.6f + noise2(r * 23.0f, 9.0f) * 0.4f;
        float gap = 1.0f - 0.9f * step01(0.12f, 0.0f, abs(r - 8.7f));
        float lit = 0.12f + 0.88f * shadow(u, p, at(u, SUN));
        Vec dust = blend(at(u, COLOUR_A), vec(0.9f, 0.86f, 0.78f), 0.55f);
        return blend(colour, times(tint(dust, at(u, SUNLIGHT)), lit * (0.25f + 0.5f * bands)), within * gap * (0.25f + 0.7f * bands));
    }

    static Vec globe(float[] u, Vec p, Vec n, int what, Vec ray, float t) {
        Vec sun = at(u, SUN);
        if (what == MOON) {
            float rough = cloud3(times(p, 2.6f), 5);
            return lit(u, p, n, times(vec(0.6f, 0.57f, 0.54f), 0.35f + 0.9f * rough), 0.0f, ray, t);
        }
        float turn = 0.05f * u[TIME];
        float c = cos(turn);
        float s = sin(turn);
        Vec q = vec(c * n.x() + s * n.z(), n.y(), c * n.z() - s * n.x());
        float k = 10.0f * u[SEED];
        float shape = cloud3(vec(2.1f * q.x() + k, 2.1f * q.y(), 2.1f * q.z()), 6);
        Vec albedo;
        float gloss = 0.0f;
        if (u[AMOUNT] > 0.5f) {
            // A giant of gas: bands that the winds stir.
            float band = q.y() * 5.5f + 1.9f * (shape - 0.5f) + 0.3f * sin(9.0f * q.y());
            albedo = blend(at(u, COLOUR_A), at(u, COLOUR_B), step01(0.2f, 0.8f, fraction(band) < 0.5f ? 2.0f * fraction(band) : 2.0f - 2.0f * fraction(band)));
            albedo = blend(albedo, vec(0.92f, 0.88f, 0.8f), 0.5f * step01(0.5f, 0.75f, cloud3(vec(4.0f * q.x(), 14.0f * q.y(), 4.0f * q.z() + k), 4)));
        } else {
            float coast = step01(0.47f, 0.50f, shape);
            Vec ground = blend(at(u, COLOUR_B), vec(0.55f, 0.47f, 0.33f), step01(0.52f, 0.68f, shape));
            albedo = blend(times(at(u, COLOUR_A), 0.4f + 1.0f * shape), ground, coast);
            albedo = blend(albedo, vec(0.9f, 0.93f, 0.96f), step01(0.78f, 0.88f, abs(q.y()) + 0.25f * (shape - 0.5f)));
            gloss = 0.35f * (1.0f - coast);
            float cover = step01(0.53f, 0.75f, cloud3(vec(3.4f * q.x() + 0.02f * u[TIME], 4.6f * q.y(), 3.4f * q.z() + 2.0f * k), 5));
            albedo = blend(albedo, vec(0.95f, 0.95f, 0.96f), 0.85f * cover);
            gloss *= 1.0f - cover;
        }
        Vec colour = lit(u, p, n, albedo, gloss, ray, t);
        float rim = 1.0f - clip(-dot(n, ray), 0.0f, 1.0f);
        float day = step01(-0.25f, 0.5f, dot(n, sun));
        return plus(colour, times(blend(vec(0.3f, 0.55f, 1.0f), at(u, COLOUR_C), 0.3f), 0.85f * rim * rim * rim * day));
    }
}
