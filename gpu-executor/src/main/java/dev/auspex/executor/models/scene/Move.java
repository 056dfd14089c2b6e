package dev.auspex.executor.models.scene;

/** How the camera moves. */
public enum Move {
    /** What suits the scene. */
    AUTO,
    /** Forward through the scene. */
    FLY,
    /** In a circle around its middle. */
    ORBIT,
    /** Up, looking out. */
    RISE,
    /** On the spot, turning. */
    PAN,
    /** Not at all; the scene itself moves. */
    STILL
}
