package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;
import org.jspecify.annotations.Nullable;

/**
 * A picture at full colour resolution: encoded R'G'B' as stored, 0 to 255, upright, and how opaque it is. Where it is wholly
 * transparent it has the colours of what is near, so that a filter that reaches there brings no foreign colour in.
 *
 * @param red red
 * @param green green
 * @param blue blue
 * @param alpha 0 is transparent; absent when every pixel is opaque
 */
public record ColourPicture(Plane red, Plane green, Plane blue, @Nullable Plane alpha) {

    private static final int ROWS_PER_CHECK = 64;

    /** As far as the widest enlarging filter reaches. */
    private static final int SPREAD = 3;

    /**
     * Reads every pixel.
     *
     * @param checkpoint asked every few rows
     * @throws CanceledException from the checkpoint
     */
    public static ColourPicture read(PixelRows pixels, Orientation orientation, Checkpoint checkpoint) throws CanceledException {
        boolean swaps = orientation.swapsSides();
        int width = swaps ? pixels.height() : pixels.width();
        int height = swaps ? pixels.width() : pixels.height();
        Plane red = Plane.of(width, height);
        Plane green = Plane.of(width, height);
        Plane blue = Plane.of(width, height);
        Plane alpha = null;
        int[] argb = new int[pixels.width()];
        for (int row = 0; row < pixels.height(); row++) {
            if (row % ROWS_PER_CHECK == 0) {
                checkpoint.check();
            }
            pixels.read(row, argb);
            for (int column = 0; column < argb.length; column++) {
                int at = red.index(
                        orientation.shownX(column, row, pixels.width(), pixels.height()),
                        orientation.shownY(column, row, pixels.width(), pixels.height()));
                int pixel = argb[column];
                red.samples()[at] = pixel >> 16 & 0xff;
                green.samples()[at] = pixel >> 8 & 0xff;
                blue.samples()[at] = pixel & 0xff;
                if (pixel >>> 24 != 255) {
                    if (alpha == null) {
                        alpha = opaque(width, height);
                    }
                    alpha.samples()[at] = pixel >>> 24;
                }
            }
        }
        ColourPicture picture = new ColourPicture(red, green, blue, alpha);
        if (alpha != null) {
            picture.spreadColours(alpha);
            alpha.repeatEdges();
        }
        red.repeatEdges();
        green.repeatEdges();
        blue.repeatEdges();
        return picture;
    }

    /** Pixels per row. */
    public int width() {
        return red.width();
    }

    /** Rows. */
    public int height() {
        return red.height();
    }

    /** How bright it looks (ITU-R BT.709-6, 3.2), 0 to 255. */
    public Plane brightness() {
        Plane brightness = Plane.of(width(), height());
        float[] samples = brightness.samples();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = 0.2126f * red.samples()[i] + 0.7152f * green.samples()[i] + 0.0722f * blue.samples()[i];
        }
        return brightness;
    }

    private static Plane opaque(int width, int height) {
        Plane plane = Plane.of(width, height);
        java.util.Arrays.fill(plane.samples(), 255);
        return plane;
    }

    /** One ring of pixels at a time takes the mean colour of its neighbours that have one. */
    private void spreadColours(Plane alpha) {
        byte[] distance = new byte[width() * height()];
        for (int y = 0, i = 0; y < height(); y++) {
            for (int x = 0; x < width(); x++, i++) {
                distance[i] = (byte) (alpha.samples()[alpha.index(x, y)] > 0 ? 0 : SPREAD + 1);
            }
        }
        for (int ring = 1; ring <= SPREAD; ring++) {
            for (int y = 0, i = 0; y < height(); y++) {
                for (int x = 0; x < width(); x++, i++) {
                    if (distance[i] > ring && takeColour(x, y, ring, distance)) {
                        distance[i] = (byte) ring;
                    }
                }
            }
        }
    }

    private boolean takeColour(int x, int y, int ring, byte[] distance) {
        float r = 0;
        float g = 0;
        float b = 0;
        int count = 0;
        for (int v = Math.max(0, y - 1); v <= Math.min(height() - 1, y + 1); v++) {
            for (int u = Math.max(0, x - 1); u <= Math.min(width() - 1, x + 1); u++) {
                if (distance[v * width() + u] < ring) {
                    int at = red.index(u, v);
                    r += red.samples()[at];
                    g += green.samples()[at];
                    b += blue.samples()[at];
                    count++;
                }
            }
        }
        if (count == 0) {
            return false;
        }
        int at = red.index(x, y);
        red.samples()[at] = r / count;
        green.samples()[at] = g / count;
        blue.samples()[at] = b / count;
        return true;
    }
}
