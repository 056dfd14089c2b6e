package dev.auspex.executor.models.scene;

/** What a scene shows. In the order of the kernel's numbers. */
enum Family {
    /** Water with rocks in it. */
    OCEAN,
    /** Streets and towers. */
    CITY,
    /** Hills and woods. */
    HILLS,
    /** Balls and drops on a polished floor. */
    SPHERES,
    /** A tube with rings of light. */
    TUNNEL,
    /** A planet with moons, among stars. */
    PLANETS
}
