package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.SceneUniforms.AMOUNT;
import static dev.auspex.executor.models.scene.SceneUniforms.CLOUDS;
import static dev.auspex.executor.models.scene.SceneUniforms.EXPOSURE;
import static dev.auspex.executor.models.scene.SceneUniforms.FAMILY;
import static dev.auspex.executor.models.scene.SceneUniforms.FOG;
import static dev.auspex.executor.models.scene.SceneUniforms.FRAME;
import static dev.auspex.executor.models.scene.SceneUniforms.HORIZON;
import static dev.auspex.executor.models.scene.SceneUniforms.SATURATION;
import static dev.auspex.executor.models.scene.SceneUniforms.SEED;
import static dev.auspex.executor.models.scene.SceneUniforms.SUN;
import static dev.auspex.executor.models.scene.SceneUniforms.SUNLIGHT;
import static dev.auspex.executor.models.scene.SceneUniforms.TIME;
import static dev.auspex.executor.models.scene.SceneUniforms.ZENITH;
import static dev.auspex.executor.models.scene.Vec.blend;
import static dev.auspex.executor.models.scene.Vec.times;
import static dev.auspex.executor.models.scene.Vec.unit;
import static dev.auspex.executor.models.scene.Vec.vec;

import java.util.Set;
import java.util.SplittableRandom;

/** Everything about a video that a prompt and a seed decide; gives every frame its numbers. Immutable; the same for the same input. */
final class Shot {

    private final float[] scene;
    private final CameraRig rig;

    private Shot(float[] scene, CameraRig rig) {
        this.scene = scene;
        this.rig = rig;
    }

    /** @param seconds the video's length, over which the camera must find its way */
    static Shot of(Reading reading, int seed, Move move, double seconds) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] u = new float[SceneUniforms.COUNT];
        Family family = reading.family();
        u[FAMILY] = family.ordinal();
        // Coarse steps, so that what is computed from it differs clearly from seed to seed.
        u[SEED] = random.nextInt(1000) / 1000f;
        u[AMOUNT] = 1;
        u[SATURATION] = 1.06f;
        u[CLOUDS] = 0.25f + 0.35f * random.nextFloat();
        reading.mood().put(u);
        Palette.of(family, reading, random).put(u);
        adapt(u, family, reading.mood());
        weather(u, family, reading.weather());
        return new Shot(u, CameraRig.find(u, family, move, seconds, random));
    }

    /** The numbers of a frame. @param time in seconds from the video's begin */
    float[] frame(int number, double time) {
        float[] u = scene.clone();
        u[TIME] = (float) time;
        u[FRAME] = number;
        rig.put(u, time);
        return u;
    }

    private static void adapt(float[] u, Family family, Mood mood) {
        switch (family) {
            case OCEAN -> u[AMOUNT] = 0.9f;
            case CITY -> u[AMOUNT] = 0.9f;
            case HILLS -> u[FOG] *= 0.6f;
            case SPHERES -> u[FOG] = 0.012f;
            case TUNNEL -> u[FOG] = 0.028f;
            case PLANETS -> {
                SceneUniforms.put(u, SUN, unit(vec(0.7f, 0.35f, mood == Mood.DAY ? 0.5f : -0.3f)));
                SceneUniforms.put(u, SUNLIGHT, blend(vec(3, 2.85f, 2.6f), vec(3, 2.2f, 1.5f), mood == Mood.SUNSET ? 1 : 0));
                SceneUniforms.put(u, ZENITH, vec(0.01f, 0.012f, 0.02f));
                SceneUniforms.put(u, HORIZON, vec(0.014f, 0.016f, 0.024f));
                u[AMOUNT] = 0;
                u[EXPOSURE] = 0.75f;
            }
        }
    }

    private static void weather(float[] u, Family family, Set<Reading.Weather> weather) {
        if (weather.contains(Reading.Weather.FOG)) {
            u[FOG] *= 2.6f;
        }
        if (weather.contains(Reading.Weather.CLOUDS) || weather.contains(Reading.Weather.STORM)) {
            u[CLOUDS] = 0.95f;
        }
        if (weather.contains(Reading.Weather.CLEAR)) {
            u[CLOUDS] = 0;
        }
        if (weather.contains(Reading.Weather.STORM) && family != Family.PLANETS) {
            u[AMOUNT] *= family == Family.OCEAN ? 2.1f : 1;
            SceneUniforms.put(u, SUNLIGHT, times(Vec.at(u, SUNLIGHT), 0.45f));
            SceneUniforms.put(u, ZENITH, blend(times(Vec.at(u, ZENITH), 0.5f), vec(0.12f, 0.14f, 0.16f), 0.4f));
            SceneUniforms.put(u, HORIZON, blend(times(Vec.at(u, HORIZON), 0.6f), vec(0.3f, 0.33f, 0.35f), 0.4f));
        }
        if (weather.contains(Reading.Weather.RINGS) && family == Family.PLANETS) {
            u[AMOUNT] = 1;
            u[EXPOSURE] = 0.55f;
        }
    }
}
