package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.FloatMath.abs;
import static dev.auspex.executor.models.scene.FloatMath.clip;
import static dev.auspex.executor.models.scene.FloatMath.max;
import static dev.auspex.executor.models.scene.FloatMath.pow;
import static dev.auspex.executor.models.scene.FloatMath.step01;
import static dev.auspex.executor.models.scene.Marching.openness;
import static dev.auspex.executor.models.scene.Marching.shadow;
import static dev.auspex.executor.models.scene.Noise.cloud2;
import static dev.auspex.executor.models.scene.SceneUniforms.AMOUNT;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_A;
import static dev.auspex.executor.models.scene.SceneUniforms.HORIZON;
import static dev.auspex.executor.models.scene.SceneUniforms.SUN;
import static dev.auspex.executor.models.scene.SceneUniforms.SUNLIGHT;
import static dev.auspex.executor.models.scene.SceneUniforms.ZENITH;
import static dev.auspex.executor.models.scene.Sky.sky;
import static dev.auspex.executor.models.scene.Vec.at;
import static dev.auspex.executor.models.scene.Vec.blend;
import static dev.auspex.executor.models.scene.Vec.dot;
import static dev.auspex.executor.models.scene.Vec.plus;
import static dev.auspex.executor.models.scene.Vec.times;
import static dev.auspex.executor.models.scene.Vec.tint;
import static dev.auspex.executor.models.scene.Vec.unit;
import static dev.auspex.executor.models.scene.Vec.vec;

/** How lit surfaces and water look. As the section of this name in the kernel's source. */
final class Surfaces {

    private Surfaces() {}

    static Vec lit(float[] u, Vec p, Vec n, Vec albedo, float gloss, Vec ray, float t) {
        Vec sun = at(u, SUN);
        float facing = max(0.0f, dot(n, sun));
        float seen = facing > 0.0f ? shadow(u, plus(p, times(n, 0.004f + 0.0006f * t)), sun) : 0.0f;
        float open = openness(u, p, n);
        Vec half = unit(plus(sun, times(ray, -1.0f)));
        float shine = pow(max(0.0f, dot(n, half)), 12.0f + 180.0f * gloss) * gloss * (0.6f + 5.0f * gloss);
        Vec light = times(at(u, SUNLIGHT), seen * facing);
        light = plus(light, times(blend(at(u, HORIZON), at(u, ZENITH), 0.5f + 0.5f * n.y()), open * (0.55f + 0.35f * n.y())));
        // What the sunlit ground throws back.
        light = plus(light, times(at(u, SUNLIGHT), open * 0.07f * max(0.0f, 0.6f - n.y())));
        return plus(tint(albedo, light), times(at(u, SUNLIGHT), shine * seen));
    }

    static Vec water(float[] u, Vec p, Vec n, Vec ray, float t) {
        float facing = clip(-dot(n, ray), 0.0f, 1.0f);
        float away = 1.0f - facing;
        float mirror = 0.02f + 0.98f * away * away * away * away * away * (t > 100.0f ? 0.7f : 0.9f);
        Vec back = plus(ray, times(n, 2.0f * facing));
        back = unit(vec(back.x(), abs(back.y()) + 0.01f, back.z()));
        float high = clip(0.5f + 0.5f * p.y() / (u[AMOUNT] + 0.05f), 0.0f, 1.0f);
        Vec deep = tint(at(u, COLOUR_A), plus(times(at(u, ZENITH), 0.6f), times(at(u, SUNLIGHT), 0.10f + 0.10f * high * high)));
        Vec colour = plus(times(deep, 1.0f - mirror), times(sky(u, back), mirror));
        float toSun = max(0.0f, dot(back, at(u, SUN)));
        colour = plus(colour, times(at(u, SUNLIGHT), 0.7f * pow(toSun, 220.0f)));
        float foam = step01(0.8f, 1.02f, high + 0.3f * cloud2(p.x() * 1.7f, p.z() * 1.7f, 3) - 0.14f);
        return blend(colour, times(plus(at(u, HORIZON), times(at(u, SUNLIGHT), 0.35f)), 0.8f), 0.7f * foam);
    }
}
