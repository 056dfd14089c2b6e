package dev.auspex.executor.models.motion;

/**
 * How much depth shows. Points in the middle of the depth range stay where they are.
 *
 * @param shift sideways distance between the nearest and the farthest point, in frame widths
 * @param growth how much larger the nearest point is shown than the farthest, as a fraction
 */
record Relief(double shift, double growth) {

    /** A flat picture. */
    static final Relief NONE = new Relief(0, 0);

    boolean isFlat() {
        return shift == 0 && growth == 0;
    }
}
