package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.Bodies.material;
import static dev.auspex.executor.models.scene.CitySurfaces.facade;
import static dev.auspex.executor.models.scene.CitySurfaces.street;
import static dev.auspex.executor.models.scene.FloatMath.step01;
import static dev.auspex.executor.models.scene.LandSurfaces.land;
import static dev.auspex.executor.models.scene.LandSurfaces.tree;
import static dev.auspex.executor.models.scene.Marching.normal;
import static dev.auspex.executor.models.scene.Noise.cloud2;
import static dev.auspex.executor.models.scene.PlanetSurfaces.globe;
import static dev.auspex.executor.models.scene.SceneUniforms.BALL;
import static dev.auspex.executor.models.scene.SceneUniforms.BUILDING;
import static dev.auspex.executor.models.scene.SceneUniforms.FLOOR;
import static dev.auspex.executor.models.scene.SceneUniforms.GROUND;
import static dev.auspex.executor.models.scene.SceneUniforms.ROCK;
import static dev.auspex.executor.models.scene.SceneUniforms.STREET;
import static dev.auspex.executor.models.scene.SceneUniforms.TREE;
import static dev.auspex.executor.models.scene.SceneUniforms.WALL;
import static dev.auspex.executor.models.scene.SceneUniforms.WATER;
import static dev.auspex.executor.models.scene.StudioSurfaces.studio;
import static dev.auspex.executor.models.scene.StudioSurfaces.tube;
import static dev.auspex.executor.models.scene.Surfaces.lit;
import static dev.auspex.executor.models.scene.Surfaces.water;
import static dev.auspex.executor.models.scene.Vec.blend;
import static dev.auspex.executor.models.scene.Vec.times;
import static dev.auspex.executor.models.scene.Vec.vec;

/** Which surface a ray met, and its look. As the section of this name in the kernel's source. */
final class Surface {

    private Surface() {}

    static Vec surface(float[] u, Vec p, Vec ray, float t) {
        Vec n = normal(u, p, t);
        int what = material(u, p);
        switch (what) {
            case WATER: return water(u, p, n, ray, t);
            case ROCK: {
                float rough = cloud2(p.x() * 2.1f + p.y(), p.z() * 2.1f, 4);
                float wet = 1.0f - 0.6f * step01(1.6f, 0.2f, p.y());
                return lit(u, p, n, times(blend(vec(0.2f, 0.18f, 0.16f), vec(0.36f, 0.32f, 0.27f), rough), wet), 0.1f, ray, t);
            }
            case STREET: return street(u, p, n, ray, t);
            case BUILDING: return facade(u, p, n, ray, t);
            case GROUND: return land(u, p, n, ray, t);
            case TREE: return tree(u, p, n, ray, t);
            case FLOOR:
            case BALL: return studio(u, p, n, what, ray, t);
            case WALL: return tube(u, p, n, ray, t);
            default: return globe(u, p, n, what, ray, t);
        }
    }
}
