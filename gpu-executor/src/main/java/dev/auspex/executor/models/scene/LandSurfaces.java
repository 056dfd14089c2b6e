package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.FloatMath.clip;
import static dev.auspex.executor.models.scene.FloatMath.floor;
import static dev.auspex.executor.models.scene.FloatMath.step01;
import static dev.auspex.executor.models.scene.Noise.chance;
import static dev.auspex.executor.models.scene.Noise.cloud2;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_A;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_B;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_C;
import static dev.auspex.executor.models.scene.Surfaces.lit;
import static dev.auspex.executor.models.scene.Vec.at;
import static dev.auspex.executor.models.scene.Vec.blend;
import static dev.auspex.executor.models.scene.Vec.times;
import static dev.auspex.executor.models.scene.Vec.vec;

/** How hills and trees look. As the section of this name in the kernel's source. */
final class LandSurfaces {

    private LandSurfaces() {}

    static Vec land(float[] u, Vec p, Vec n, Vec ray, float t) {
        float rough = cloud2(p.x() * 0.9f, p.z() * 0.9f, 4);
        float height = p.y() + 6.0f * (rough - 0.5f);
        Vec albedo = blend(at(u, COLOUR_A), at(u, COLOUR_B), clip(1.6f * rough - 0.3f, 0.0f, 1.0f));
        albedo = blend(albedo, vec(0.28f, 0.25f, 0.22f), step01(0.82f, 0.66f, n.y() + 0.12f * (rough - 0.5f)));
        float snow = step01(0.62f, 0.8f, n.y()) * step01(0.0f, 5.0f, height - at(u, COLOUR_C).x());
        albedo = blend(albedo, vec(0.62f, 0.65f, 0.70f), snow);
        return lit(u, p, n, times(albedo, 0.75f + 0.5f * rough), 0.02f, ray, t);
    }

    static Vec tree(float[] u, Vec p, Vec n, Vec ray, float t) {
        int i = (int) floor(p.x() / 2.6f);
        int j = (int) floor(p.z() / 2.6f);
        float kind = chance(i, j, 25);
        Vec albedo = times(blend(at(u, COLOUR_A), vec(0.06f, 0.13f, 0.05f), 0.65f), 0.55f + 0.6f * kind);
        albedo = blend(albedo, vec(0.8f, 0.83f, 0.88f), at(u, COLOUR_C).y() * step01(0.1f, 0.7f, n.y()));
        return lit(u, p, n, albedo, 0.03f, ray, t);
    }
}
