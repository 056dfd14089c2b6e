package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;
import org.jspecify.annotations.Nullable;

/**
 * Turns decoded pixels into a {@link Picture}: upright, over a background where they are transparent, and made smaller in
 * linear light where they are more than the video can show. Goes through the pixels once, row by row. One thread.
 */
public final class PictureScaler {

    private static final int ROWS_PER_CHECK = 64;

    private final PixelRows pixels;
    private final int background;
    private final Checkpoint checkpoint;

    /**
     * @param pixels the picture as stored
     * @param background 0xRRGGBB behind transparent pixels
     * @param checkpoint asked every few rows
     */
    public PictureScaler(PixelRows pixels, int background, Checkpoint checkpoint) {
        this.pixels = pixels;
        this.background = background;
        this.checkpoint = checkpoint;
    }

    /**
     * Makes the picture.
     *
     * @param density its samples per stored pixel, at most 1; 1 keeps every pixel as it is
     * @throws CanceledException from the checkpoint
     */
    public Picture scale(double density, Orientation orientation) throws CanceledException {
        int width = side(pixels.width(), density);
        int height = side(pixels.height(), density);
        PictureWriter writer = new PictureWriter(width, height, orientation);
        if (width == pixels.width() && height == pixels.height()) {
            copy(writer);
        } else {
            shrink(writer, width, height);
        }
        return writer.finish();
    }

    private static int side(int stored, double density) {
        return Math.clamp(Math.round(stored * density), 1, stored);
    }

    private void copy(PictureWriter writer) throws CanceledException {
        int[] argb = new int[pixels.width()];
        float[] row = new float[3 * argb.length];
        for (int y = 0; y < pixels.height(); y++) {
            read(y, argb);
            for (int x = 0; x < argb.length; x++) {
                row[3 * x] = argb[x] >> 16 & 0xff;
                row[3 * x + 1] = argb[x] >> 8 & 0xff;
                row[3 * x + 2] = argb[x] & 0xff;
            }
            writer.row(y, row);
        }
    }

    private void shrink(PictureWriter writer, int width, int height) throws CanceledException {
        Shrinking across = new Shrinking(pixels.width(), width);
        Shrinking down = new Shrinking(pixels.height(), height);
        int[] argb = new int[pixels.width()];
        float[] light = new float[3 * argb.length];
        float[] narrow = new float[3 * width];
        float[] @Nullable [] open = new float[height][];
        int done = 0;
        int begun = 0;
        for (int y = 0; y < pixels.height(); y++) {
            read(y, argb);
            linear(argb, light);
            across.row(light, narrow);
            while (begun < height && down.first(begun) <= y) {
                open[begun++] = new float[3 * width];
            }
            for (int target = done; target < begun; target++) {
                float[] sum = open[target];
                if (sum != null && y < down.end(target)) {
                    add(narrow, down.weight(target, y), sum);
                }
            }
            while (done < begun && down.end(done) <= y + 1) {
                emit(open[done], writer, done);
                open[done++] = null;
            }
        }
    }

    private void read(int y, int[] argb) throws CanceledException {
        if (y % ROWS_PER_CHECK == 0) {
            checkpoint.check();
        }
        pixels.read(y, argb);
        for (int x = 0; x < argb.length; x++) {
            int alpha = argb[x] >>> 24;
            if (alpha != 255) {
                argb[x] = over(argb[x], alpha, 16) | over(argb[x], alpha, 8) | over(argb[x], alpha, 0);
            }
        }
    }

    private int over(int argb, int alpha, int shift) {
        int top = argb >> shift & 0xff;
        int bottom = background >> shift & 0xff;
        return ((top * alpha + bottom * (255 - alpha) + 127) / 255) << shift;
    }

    private static void linear(int[] argb, float[] light) {
        for (int x = 0, at = 0; x < argb.length; x++, at += 3) {
            light[at] = SrgbCurve.linear(argb[x] >> 16 & 0xff);
            light[at + 1] = SrgbCurve.linear(argb[x] >> 8 & 0xff);
            light[at + 2] = SrgbCurve.linear(argb[x] & 0xff);
        }
    }

    private static void add(float[] row, float weight, float[] sum) {
        for (int i = 0; i < row.length; i++) {
            sum[i] += weight * row[i];
        }
    }

    private static void emit(float @Nullable [] light, PictureWriter writer, int y) {
        if (light == null) {
            throw new IllegalStateException("row " + y + " was never begun");
        }
        for (int i = 0; i < light.length; i++) {
            light[i] = SrgbCurve.encoded(light[i]);
        }
        writer.row(y, light);
    }
}
