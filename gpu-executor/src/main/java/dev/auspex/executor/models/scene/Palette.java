package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.Vec.blend;
import static dev.auspex.executor.models.scene.Vec.vec;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The colours of a scene; what they colour depends on the family.
 *
 * @param a the first
 * @param b the second
 * @param c the accent
 */
record Palette(Vec a, Vec b, Vec c) {

    private static final List<Palette> SPHERES = List.of(
            new Palette(vec(0.85f, 0.2f, 0.12f), vec(0.1f, 0.35f, 0.75f), vec(0.95f, 0.7f, 0.2f)),
            new Palette(vec(0.1f, 0.55f, 0.5f), vec(0.9f, 0.42f, 0.3f), vec(0.94f, 0.85f, 0.7f)),
            new Palette(vec(0.42f, 0.15f, 0.6f), vec(0.95f, 0.45f, 0.55f), vec(0.15f, 0.6f, 0.85f)),
            new Palette(vec(0.12f, 0.13f, 0.16f), vec(0.85f, 0.6f, 0.22f), vec(0.8f, 0.8f, 0.82f)));

    private static final List<Palette> TUNNELS = List.of(
            new Palette(vec(0.35f, 0.36f, 0.4f), vec(0.1f, 0.5f, 1), vec(1, 0.35f, 0.15f)),
            new Palette(vec(0.3f, 0.3f, 0.36f), vec(0.8f, 0.15f, 0.9f), vec(0.1f, 0.8f, 0.9f)),
            new Palette(vec(0.36f, 0.34f, 0.3f), vec(0.2f, 0.9f, 0.5f), vec(1, 0.75f, 0.2f)));

    /** What suits a family, mixed by chance. */
    static Palette of(Family family, Reading reading, RandomGenerator random) {
        float mix = random.nextFloat();
        Palette own = switch (family) {
            case OCEAN -> new Palette(blend(vec(0.04f, 0.24f, 0.34f), vec(0.05f, 0.34f, 0.34f), mix), vec(0, 0, 0), vec(0, 0, 0));
            case CITY -> new Palette(blend(vec(0.5f, 0.44f, 0.38f), vec(0.42f, 0.4f, 0.4f), mix), blend(vec(0.3f, 0.36f, 0.42f), vec(0.46f, 0.3f, 0.22f), mix), vec(0, 0, 0));
            case HILLS -> hills(reading, mix);
            case SPHERES -> SPHERES.get(random.nextInt(SPHERES.size()));
            case TUNNEL -> TUNNELS.get(random.nextInt(TUNNELS.size()));
            case PLANETS -> reading.weather().contains(Reading.Weather.RINGS)
                    ? new Palette(blend(vec(0.5f, 0.32f, 0.18f), vec(0.35f, 0.4f, 0.45f), mix), blend(vec(0.7f, 0.56f, 0.38f), vec(0.66f, 0.6f, 0.5f), mix), vec(0.8f, 0.4f, 0.6f))
                    : new Palette(blend(vec(0.05f, 0.16f, 0.36f), vec(0.04f, 0.26f, 0.3f), mix), blend(vec(0.16f, 0.28f, 0.1f), vec(0.34f, 0.2f, 0.1f), mix), vec(0.8f, 0.4f, 0.6f));
        };
        return own.with(reading.colours(), family);
    }

    /** The third holds numbers: from which height snow lies, and how much of it on trees. */
    private static Palette hills(Reading reading, float mix) {
        boolean snow = reading.weather().contains(Reading.Weather.SNOW);
        boolean autumn = reading.known().contains("autumn");
        Vec grass = autumn ? vec(0.3f, 0.16f, 0.04f) : blend(vec(0.13f, 0.2f, 0.06f), vec(0.17f, 0.2f, 0.07f), mix);
        Vec dry = autumn ? vec(0.36f, 0.24f, 0.07f) : blend(vec(0.26f, 0.24f, 0.1f), vec(0.22f, 0.26f, 0.1f), mix);
        return new Palette(grass, dry, snow ? vec(-30, 0.75f, 0) : vec(60, 0, 0));
    }

    private Palette with(List<Vec> named, Family family) {
        if (named.isEmpty() || family == Family.HILLS) {
            return this;
        }
        Vec first = named.getFirst();
        Vec second = named.size() > 1 ? named.get(1) : first;
        return switch (family) {
            case TUNNEL -> new Palette(a, first, second);
            case OCEAN -> new Palette(blend(a, first, 0.5f), b, c);
            default -> new Palette(first, named.size() > 1 ? second : b, c);
        };
    }

    void put(float[] u) {
        SceneUniforms.put(u, SceneUniforms.COLOUR_A, a);
        SceneUniforms.put(u, SceneUniforms.COLOUR_B, b);
        SceneUniforms.put(u, SceneUniforms.COLOUR_C, c);
    }
}
