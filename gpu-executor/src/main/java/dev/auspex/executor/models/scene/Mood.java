package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.Vec.unit;
import static dev.auspex.executor.models.scene.Vec.vec;

/** The time of day: where the sun stands and what the light is like. */
enum Mood {
    /** High sun. */
    DAY(vec(0.55f, 0.62f, 0.5f), vec(2.6f, 2.3f, 1.9f), vec(0.17f, 0.34f, 0.68f), vec(0.62f, 0.72f, 0.84f), 0, 1, 0.006f),
    /** Low, pink and hazy. */
    DAWN(vec(0.4f, 0.16f, 0.9f), vec(2.4f, 1.5f, 1.1f), vec(0.25f, 0.3f, 0.52f), vec(0.9f, 0.68f, 0.66f), 0.2f, 1, 0.012f),
    /** Low and golden. */
    SUNSET(vec(0.5f, 0.11f, 0.85f), vec(3.2f, 1.45f, 0.55f), vec(0.13f, 0.17f, 0.36f), vec(0.9f, 0.48f, 0.27f), 0.45f, 1, 0.006f),
    /** Moonlight and lamps. */
    NIGHT(vec(0.45f, 0.4f, 0.7f), vec(0.16f, 0.2f, 0.3f), vec(0.006f, 0.01f, 0.026f), vec(0.035f, 0.045f, 0.085f), 1, 1.5f, 0.006f);

    private final Vec sun;
    private final Vec light;
    private final Vec zenith;
    private final Vec horizon;
    private final float night;
    private final float exposure;
    private final float fog;

    Mood(Vec sun, Vec light, Vec zenith, Vec horizon, float night, float exposure, float fog) {
        this.sun = unit(sun);
        this.light = light;
        this.zenith = zenith;
        this.horizon = horizon;
        this.night = night;
        this.exposure = exposure;
        this.fog = fog;
    }

    void put(float[] u) {
        SceneUniforms.put(u, SceneUniforms.SUN, sun);
        SceneUniforms.put(u, SceneUniforms.SUNLIGHT, light);
        SceneUniforms.put(u, SceneUniforms.ZENITH, zenith);
        SceneUniforms.put(u, SceneUniforms.HORIZON, horizon);
        u[SceneUniforms.NIGHT] = night;
        u[SceneUniforms.EXPOSURE] = exposure;
        u[SceneUniforms.FOG] = fog;
    }
}
