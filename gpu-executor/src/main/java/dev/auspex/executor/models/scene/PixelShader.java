package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.Bodies.material;
import static dev.auspex.executor.models.scene.FloatMath.clip;
import static dev.auspex.executor.models.scene.FloatMath.exp;
import static dev.auspex.executor.models.scene.FloatMath.max;
import static dev.auspex.executor.models.scene.FloatMath.pow;
import static dev.auspex.executor.models.scene.FloatMath.sqrt;
import static dev.auspex.executor.models.scene.FloatMath.step01;
import static dev.auspex.executor.models.scene.Marching.march;
import static dev.auspex.executor.models.scene.Marching.normal;
import static dev.auspex.executor.models.scene.PlanetSurfaces.rings;
import static dev.auspex.executor.models.scene.SceneUniforms.CITY;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_B;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_C;
import static dev.auspex.executor.models.scene.SceneUniforms.EXPOSURE;
import static dev.auspex.executor.models.scene.SceneUniforms.EYE;
import static dev.auspex.executor.models.scene.SceneUniforms.FAMILY;
import static dev.auspex.executor.models.scene.SceneUniforms.FAR;
import static dev.auspex.executor.models.scene.SceneUniforms.FOCAL;
import static dev.auspex.executor.models.scene.SceneUniforms.FOG;
import static dev.auspex.executor.models.scene.SceneUniforms.FORWARD;
import static dev.auspex.executor.models.scene.SceneUniforms.HILLS;
import static dev.auspex.executor.models.scene.SceneUniforms.OCEAN;
import static dev.auspex.executor.models.scene.SceneUniforms.PLANETS;
import static dev.auspex.executor.models.scene.SceneUniforms.RIGHT;
import static dev.auspex.executor.models.scene.SceneUniforms.SATURATION;
import static dev.auspex.executor.models.scene.SceneUniforms.SPHERES;
import static dev.auspex.executor.models.scene.SceneUniforms.SUN;
import static dev.auspex.executor.models.scene.SceneUniforms.TUNNEL;
import static dev.auspex.executor.models.scene.SceneUniforms.UP;
import static dev.auspex.executor.models.scene.Sky.air;
import static dev.auspex.executor.models.scene.Sky.sky;
import static dev.auspex.executor.models.scene.StudioSurfaces.studio;
import static dev.auspex.executor.models.scene.Surface.surface;
import static dev.auspex.executor.models.scene.Vec.at;
import static dev.auspex.executor.models.scene.Vec.blend;
import static dev.auspex.executor.models.scene.Vec.dot;
import static dev.auspex.executor.models.scene.Vec.plus;
import static dev.auspex.executor.models.scene.Vec.times;
import static dev.auspex.executor.models.scene.Vec.unit;
import static dev.auspex.executor.models.scene.Vec.vec;

/** From a ray to a display's values. As the section of this name in the kernel's source. */
final class PixelShader {

    private PixelShader() {}

    /** The light that comes along a ray, linear. */
    static Vec trace(float[] u, Vec eye, Vec ray) {
        int family = (int) u[FAMILY];
        float t = march(u, eye, ray);
        Vec colour;
        if (t >= FAR) {
            colour = sky(u, ray);
            if (family == TUNNEL) {
                colour = times(at(u, COLOUR_B), 0.5f);
            }
            if (family == OCEAN || family == HILLS || family == CITY) {
                colour = ray.y() < 0.02f ? air(u, colour, ray, FAR) : colour;
            }
        } else {
            Vec p = plus(eye, times(ray, t));
            colour = surface(u, p, ray, t);
            if (family == SPHERES) {
                // Polished: what is mirrored is looked for once.
                Vec n = normal(u, p, t);
                float facing = clip(-dot(n, ray), 0.0f, 1.0f);
                float away = 1.0f - facing;
                float mirror = 0.05f + 0.6f * away * away * away * away;
                Vec back = plus(ray, times(n, 2.0f * facing));
                Vec from = plus(p, times(n, 0.02f));
                float s = march(u, from, back);
                Vec seen;
                if (s >= FAR) {
                    seen = sky(u, back);
                } else {
                    Vec q = plus(from, times(back, s));
                    seen = air(u, studio(u, q, normal(u, q, s), material(u, q), back, s), back, s);
                }
                colour = blend(colour, seen, mirror);
            }
            if (family == TUNNEL) {
                float thick = 1.0f - exp(-u[FOG] * t);
                colour = blend(colour, times(at(u, COLOUR_B), 0.30f), thick);
            } else if (family != PLANETS) {
                colour = air(u, colour, ray, t);
            }
        }
        if (family == PLANETS) {
            // A glow around the day side.
            float b = dot(eye, ray);
            float near2 = dot(eye, eye) - b * b;
            if (b < 0.0f && near2 > 25.0f && t >= FAR) {
                float over = sqrt(near2) - 5.0f;
                Vec p = plus(eye, times(ray, -b));
                float day = step01(-0.5f, 0.7f, dot(unit(p), at(u, SUN)));
                colour = plus(colour, times(blend(vec(0.3f, 0.55f, 1.0f), at(u, COLOUR_C), 0.3f), 0.55f * day * exp(-3.2f * over)));
            }
            colour = rings(u, colour, eye, ray, t);
        }
        return colour;
    }

    /** From light to a display's values: a curve like film's, then the colour grade. */
    static float film(float v) {
        float c = max(0.0f, v);
        float curve = c * (2.51f * c + 0.03f) / (c * (2.43f * c + 0.59f) + 0.14f);
        return pow(clip(curve, 0.0f, 1.0f), 0.4545454f);
    }

    static Vec graded(float[] u, Vec light, float x, float y) {
        float corner = 1.0f - 0.22f * (x * x + y * y) * (x * x + y * y);
        float gain = u[EXPOSURE] * corner;
        Vec c = vec(film(light.x() * gain), film(light.y() * gain), film(light.z() * gain));
        float grey = 0.2126f * c.x() + 0.7152f * c.y() + 0.0722f * c.z();
        c = vec(grey + (c.x() - grey) * u[SATURATION], grey + (c.y() - grey) * u[SATURATION], grey + (c.z() - grey) * u[SATURATION]);
        // A little more contrast in the middle, cool shadows and warm lights.
        c = vec(c.x() + 0.16f * c.x() * (1.0f - c.x()) * (c.x() - 0.45f) * 2.0f, c.y() + 0.16f * c.y() * (1.0f - c.y()) * (c.y() - 0.45f) * 2.0f, c.z() + 0.16f * c.z() * (1.0f - c.z()) * (c.z() - 0.45f) * 2.0f);
        return vec(c.x() + 0.012f * (grey - 0.4f), c.y(), c.z() - 0.014f * (grey - 0.4f));
    }

    static Vec pixel(float[] u, int x, int y, int width, int height, int samples) {
        Vec sum = vec(0.0f, 0.0f, 0.0f);
        Vec eye = at(u, EYE);
        for (int j = 0; j < samples; j++) {
            for (int i = 0; i < samples; i++) {
                float px = (2.0f * (x + (i + 0.5f) / samples) - width) / height;
                float py = (height - 2.0f * (y + (j + 0.5f) / samples)) / height;
                Vec ray = unit(plus(plus(times(at(u, RIGHT), px), times(at(u, UP), py)), times(at(u, FORWARD), u[FOCAL])));
                Vec c = graded(u, trace(u, eye, ray), px * 0.62f, py * 0.62f);
                sum = plus(sum, c);
            }
        }
        return times(sum, 1.0f / (samples * samples));
    }
}
