package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.Bodies.bodies;
import static dev.auspex.executor.models.scene.Bodies.body;
import static dev.auspex.executor.models.scene.Bodies.material;
import static dev.auspex.executor.models.scene.Bodies.waves;
import static dev.auspex.executor.models.scene.FloatMath.clip;
import static dev.auspex.executor.models.scene.FloatMath.max;
import static dev.auspex.executor.models.scene.FloatMath.min;
import static dev.auspex.executor.models.scene.SceneUniforms.CITY;
import static dev.auspex.executor.models.scene.SceneUniforms.FAMILY;
import static dev.auspex.executor.models.scene.SceneUniforms.FAR;
import static dev.auspex.executor.models.scene.SceneUniforms.HILLS;
import static dev.auspex.executor.models.scene.SceneUniforms.OCEAN;
import static dev.auspex.executor.models.scene.SceneUniforms.SPHERES;
import static dev.auspex.executor.models.scene.SceneUniforms.STEPS;
import static dev.auspex.executor.models.scene.SceneUniforms.WATER;
import static dev.auspex.executor.models.scene.Vec.unit;
import static dev.auspex.executor.models.scene.Vec.vec;

/** How rays meet bodies: where, how the surface lies there, and how much light reaches it. As the section of this name in the kernel's source. */
final class Marching {

    private Marching() {}

    /** How far a ray goes before it meets something; FAR if nothing. */
    static float march(float[] u, Vec eye, Vec ray) {
        float t = 0.02f;
        float last = FAR;
        int family = (int) u[FAMILY];
        float top = family == OCEAN ? 12.0f : (family == HILLS ? 46.0f : (family == CITY ? 75.0f : (family == SPHERES ? 6.4f : 1e9f)));
        if (eye.y() > top) {
            // Nothing is up there: begin where the ray comes down to it.
            if (ray.y() >= -0.001f) {
                return FAR;
            }
            t = (eye.y() - top) / -ray.y();
        }
        for (int i = 0; i < STEPS; i++) {
            float y = eye.y() + t * ray.y();
            if (t > FAR || (y > top && ray.y() > 0.0f)) {
                return FAR;
            }
            Border border = new Border();
            float d = bodies(u, eye.x() + t * ray.x(), y, eye.z() + t * ray.z(), border);
            if (d < 0.0006f * t + 0.0008f) {
                return t;
            }
            last = d;
            t += min(d, border.limit());
        }
        // Grazing something far away.
        return last < 0.03f * t ? t : FAR;
    }

    static Vec normal(float[] u, Vec p, float t) {
        float e = max(0.002f, 0.0009f * t);
        if ((int) u[FAMILY] == OCEAN && material(u, p) == WATER) {
            float f = max(0.01f, 0.002f * t);
            int octaves = t < 60.0f ? 14 : 9;
            float here = waves(u, p.x(), p.z(), octaves);
            return unit(vec(here - waves(u, p.x() + f, p.z(), octaves), f, here - waves(u, p.x(), p.z() + f, octaves)));
        }
        // Four corners of a tetrahedron.
        float a = body(u, p.x() + e, p.y() - e, p.z() - e);
        float b = body(u, p.x() - e, p.y() - e, p.z() + e);
        float c = body(u, p.x() - e, p.y() + e, p.z() - e);
        float d = body(u, p.x() + e, p.y() + e, p.z() + e);
        return unit(vec(a - b - c + d, c + d - a - b, b + d - a - c));
    }

    /** How much of the sun is seen: 1 all of it. */
    static float shadow(float[] u, Vec p, Vec sun) {
        float light = 1.0f;
        float t = 0.06f;
        for (int i = 0; i < 40; i++) {
            Border border = new Border();
            float d = bodies(u, p.x() + t * sun.x(), p.y() + t * sun.y(), p.z() + t * sun.z(), border);
            light = min(light, 11.0f * d / t);
            if (light < 0.004f) {
                return 0.0f;
            }
            t += clip(min(d, border.limit()), 0.06f, 4.0f);
            if (t > 60.0f) {
                break;
            }
        }
        return light * light * (3.0f - 2.0f * light);
    }

    /** How open a place is: 1 is wholly open. */
    static float openness(float[] u, Vec p, Vec n) {
        float hidden = 0.0f;
        float weight = 1.0f;
        for (int i = 1; i <= 5; i++) {
            float h = 0.09f * i * i;
            float d = body(u, p.x() + h * n.x(), p.y() + h * n.y(), p.z() + h * n.z());
            hidden += (h - min(d, h)) * weight / h;
            weight *= 0.72f;
        }
        return clip(1.0f - 0.32f * hidden, 0.0f, 1.0f);
    }
}
