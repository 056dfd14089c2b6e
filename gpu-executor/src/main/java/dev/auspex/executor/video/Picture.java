package dev.auspex.executor.video;

/**
 * A picture as video sees it: BT.709 limited range, brightness at full and colour at half resolution. Coordinates are those
 * of the brightness plane, continuous, with the centre of sample i at i + 0.5; the colour planes' are half of that.
 *
 * @param luma Y', 16 to 235
 * @param blue Cb, 16 to 240
 * @param red Cr, 16 to 240
 */
public record Picture(Plane luma, Plane blue, Plane red) {

    /** Width in brightness samples. */
    public int width() {
        return luma.width();
    }

    /** Height in brightness samples. */
    public int height() {
        return luma.height();
    }

    /** Plane 0, 1 or 2 in the order of a frame. */
    public Plane plane(int index) {
        return switch (index) {
            case 0 -> luma;
            case 1 -> blue;
            default -> red;
        };
    }
}
