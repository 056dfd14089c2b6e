package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.Bodies.pathX;
import static dev.auspex.executor.models.scene.Bodies.pathY;
import static dev.auspex.executor.models.scene.FloatMath.abs;
import static dev.auspex.executor.models.scene.FloatMath.atan2;
import static dev.auspex.executor.models.scene.FloatMath.floor;
import static dev.auspex.executor.models.scene.FloatMath.fraction;
import static dev.auspex.executor.models.scene.FloatMath.max;
import static dev.auspex.executor.models.scene.FloatMath.min;
import static dev.auspex.executor.models.scene.FloatMath.pow;
import static dev.auspex.executor.models.scene.FloatMath.sin;
import static dev.auspex.executor.models.scene.FloatMath.step01;
import static dev.auspex.executor.models.scene.Marching.openness;
import static dev.auspex.executor.models.scene.Noise.chance;
import static dev.auspex.executor.models.scene.Noise.cloud2;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_A;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_B;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_C;
import static dev.auspex.executor.models.scene.SceneUniforms.FLOOR;
import static dev.auspex.executor.models.scene.SceneUniforms.HORIZON;
import static dev.auspex.executor.models.scene.SceneUniforms.TIME;
import static dev.auspex.executor.models.scene.Surfaces.lit;
import static dev.auspex.executor.models.scene.Vec.at;
import static dev.auspex.executor.models.scene.Vec.blend;
import static dev.auspex.executor.models.scene.Vec.dot;
import static dev.auspex.executor.models.scene.Vec.plus;
import static dev.auspex.executor.models.scene.Vec.times;
import static dev.auspex.executor.models.scene.Vec.tint;
import static dev.auspex.executor.models.scene.Vec.vec;

/** How balls, floors and tunnels look. As the section of this name in the kernel's source. */
final class StudioSurfaces {

    private StudioSurfaces() {}

    static Vec ballColour(float[] u, Vec p) {
        if (p.x() * p.x() + p.z() * p.z() < 12.0f && p.y() > 0.9f) {
            return blend(at(u, COLOUR_A), at(u, COLOUR_B), step01(1.2f, 4.2f, p.y() + 0.6f * sin(p.x() * 1.3f + u[TIME])));
        }
        float kind = chance((int) floor(p.x() / 2.4f), (int) floor(p.z() / 2.4f), 34);
        return kind < 0.4f ? at(u, COLOUR_A) : (kind < 0.75f ? at(u, COLOUR_B) : at(u, COLOUR_C));
    }

    static Vec studio(float[] u, Vec p, Vec n, int what, Vec ray, float t) {
        if (what == FLOOR) {
            float square = fraction(0.5f * (floor(p.x() / 2.4f) + floor(p.z() / 2.4f))) > 0.25f ? 1.0f : 0.0f;
            return lit(u, p, n, times(blend(vec(0.5f, 0.5f, 0.52f), at(u, HORIZON), 0.3f), 0.42f + 0.22f * square), 0.25f, ray, t);
        }
        return lit(u, p, n, ballColour(u, p), 0.45f, ray, t);
    }

    static Vec tube(float[] u, Vec p, Vec n, Vec ray, float t) {
        float qx = p.x() - pathX(u, p.z());
        float qy = p.y() - pathY(u, p.z());
        float a = atan2(qy, qx);
        float side = abs(fraction(a * 1.2732395f) - 0.5f);
        float rib = abs(fraction(p.z() * 0.25f) - 0.5f);
        int number = (int) floor(p.z() * 0.25f + 0.5f);
        Vec glow = chance(number, 3, 61) < 0.5f ? at(u, COLOUR_B) : at(u, COLOUR_C);
        float grime = cloud2(a * 3.0f, p.z() * 0.8f, 4);
        Vec albedo = times(at(u, COLOUR_A), 0.5f + 0.9f * grime);
        float ring = step01(0.47f, 0.485f, rib);
        float line = step01(0.02f, 0.008f, abs(side - 0.25f)) * step01(0.36f, 0.34f, rib);
        // Light comes from the rings, the lines and the camera's lamp.
        float toRing = min(rib < 0.5f ? 0.5f - rib : 0.0f, 0.5f) * 4.0f;
        float open = openness(u, p, n);
        float lamp = max(0.0f, -dot(n, ray)) / (1.0f + 0.05f * t * t);
        Vec light = plus(times(glow, 1.9f / (1.0f + 5.0f * toRing * toRing)), times(vec(1.0f, 0.95f, 0.9f), 0.55f * lamp));
        light = plus(light, times(at(u, COLOUR_B), 0.10f));
        Vec back = plus(ray, times(n, -2.0f * dot(n, ray)));
        float shine = pow(max(0.0f, abs(back.z())), 8.0f) * 0.12f;
        Vec colour = plus(times(tint(albedo, light), open), times(glow, shine * open));
        float pulse = 0.75f + 0.25f * sin(3.0f * u[TIME] - 0.7f * number);
        colour = plus(colour, times(glow, 3.2f * ring * pulse));
        return plus(colour, times(at(u, COLOUR_C), 1.3f * line * (0.6f + 0.4f * sin(0.9f * p.z() - 5.0f * u[TIME]))));
    }
}
