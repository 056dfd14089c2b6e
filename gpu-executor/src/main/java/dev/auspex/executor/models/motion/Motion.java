package dev.auspex.executor.models.motion;

/** How the camera moves over the picture. */
public enum Motion {
    /** Closer, towards the focus. */
    ZOOM_IN,
    /** From the focus back to the whole. */
    ZOOM_OUT,
    /** The camera travels to the left; the picture slides right. */
    PAN_LEFT,
    /** The camera travels to the right. */
    PAN_RIGHT,
    /** The camera travels up. */
    PAN_UP,
    /** The camera travels down. */
    PAN_DOWN,
    /** The camera rolls clockwise about its axis. */
    ROTATE,
    /** The camera shifts sideways: what is near moves more than what is far. */
    PARALLAX,
    /** The camera swings around the scene on an arc. */
    ORBIT,
    /** The camera drives into the scene: what is near grows faster. */
    DOLLY
}
