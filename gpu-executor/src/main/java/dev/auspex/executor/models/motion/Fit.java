package dev.auspex.executor.models.motion;

/** How a picture of another shape is brought into the frame. */
public enum Fit {
    /** It fills the frame; what sticks out is cut off. */
    COVER,
    /** All of it is seen; a backdrop fills the rest. */
    CONTAIN
}
