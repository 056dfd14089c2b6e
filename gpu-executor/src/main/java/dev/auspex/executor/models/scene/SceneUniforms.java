package dev.auspex.executor.models.scene;

/** Where a frame's numbers lie in the array that the shader gets, and the numbers of families and materials. As in the kernel's source. */
final class SceneUniforms {

    /** Floats of a frame. */
    static final int COUNT = 48;

    // What a frame is told.
    static final int FAMILY = 0;
    static final int TIME = 1;
    static final int SEED = 2;
    static final int NIGHT = 3;
    static final int EYE = 4;
    static final int RIGHT = 7;
    static final int UP = 10;
    static final int FORWARD = 13;
    static final int FOCAL = 16;
    static final int SUN = 17;
    static final int SUNLIGHT = 20;
    static final int ZENITH = 23;
    static final int HORIZON = 26;
    static final int FOG = 29;
    static final int COLOUR_A = 30;
    static final int COLOUR_B = 33;
    static final int COLOUR_C = 36;
    static final int CLOUDS = 39;
    static final int EXPOSURE = 40;
    static final int SATURATION = 41;
    static final int AMOUNT = 42;
    static final int FRAME = 43;

    // Families; the order of Family.
    static final int OCEAN = 0;
    static final int CITY = 1;
    static final int HILLS = 2;
    static final int SPHERES = 3;
    static final int TUNNEL = 4;
    static final int PLANETS = 5;

    // Materials.
    static final int WATER = 1;
    static final int ROCK = 2;
    static final int STREET = 3;
    static final int BUILDING = 4;
    static final int GROUND = 5;
    static final int TREE = 6;
    static final int FLOOR = 7;
    static final int BALL = 8;
    static final int WALL = 9;
    static final int PLANET = 10;
    static final int MOON = 11;

    static final int STEPS = 140;
    static final float FAR = 220.0f;

    private SceneUniforms() {}

    static void put(float[] u, int at, Vec value) {
        u[at] = value.x();
        u[at + 1] = value.y();
        u[at + 2] = value.z();
    }
}
