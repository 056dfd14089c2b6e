package dev.auspex.executor.video;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/**
 * A decoded picture, read row by row as 8-bit sRGB with straight alpha, whatever its samples are: palette, grey, 16 bits, an
 * embedded colour profile. Rows are best asked for in order. One thread.
 */
public final class PixelRows {

    private static final int STRIP = 64;

    private final BufferedImage image;
    private final Raster raster;
    private final Reading reading;
    private int[] samples = new int[0];
    private @Nullable BufferedImage strip;
    private int stripTop = -1;

    private enum Reading {
        PALETTE,
        DIRECT,
        PROFILE
    }

    PixelRows(BufferedImage image) {
        this.image = image;
        this.raster = image.getRaster();
        this.reading = reading(image.getColorModel(), raster);
    }

    /** Pixels per row. */
    public int width() {
        return image.getWidth();
    }

    /** Rows. */
    public int height() {
        return image.getHeight();
    }

    /** Reads row {@code y} into {@code argb}, {@link #width()} values of 0xAARRGGBB. */
    public void read(int y, int[] argb) {
        switch (reading) {
            case PALETTE -> palette(y, argb);
            case DIRECT -> direct(y, argb);
            case PROFILE -> profile(y, argb);
        }
    }

    private static Reading reading(ColorModel model, Raster raster) {
        if (model instanceof IndexColorModel) {
            return Reading.PALETTE;
        }
        boolean plain = model.getColorSpace().isCS_sRGB() || isGrey(model);
        boolean whole = raster.getTransferType() == DataBuffer.TYPE_BYTE || raster.getTransferType() == DataBuffer.TYPE_USHORT;
        return model instanceof ComponentColorModel && plain && whole && !model.isAlphaPremultiplied()
                ? Reading.DIRECT
                : Reading.PROFILE;
    }

    /**
     * Grey samples are taken as they are: Java's grey space is linear light, and converting from it would brighten pictures
     * whose samples are encoded like sRGB's, which all greys in the wild are.
     */
    private static boolean isGrey(ColorModel model) {
        return model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    }

    private void palette(int y, int[] argb) {
        IndexColorModel colors = (IndexColorModel) image.getColorModel();
        int[] indexes = raster.getSamples(0, y, width(), 1, 0, room(width()));
        for (int x = 0; x < width(); x++) {
            argb[x] = colors.getRGB(indexes[x]);
        }
    }

    private void direct(int y, int[] argb) {
        int bands = raster.getNumBands();
        int[] row = raster.getPixels(0, y, width(), 1, room(width() * bands));
        int depth = image.getColorModel().getComponentSize(0);
        if (depth != 8) {
            rescale(row, width() * bands, depth);
        }
        boolean grey = bands < 3;
        boolean alpha = bands == 2 || bands == 4;
        for (int x = 0, at = 0; x < width(); x++, at += bands) {
            int red = row[at];
            int green = grey ? red : row[at + 1];
            int blue = grey ? red : row[at + 2];
            int opacity = alpha ? row[at + bands - 1] : 255;
            argb[x] = opacity << 24 | red << 16 | green << 8 | blue;
        }
    }

    private static void rescale(int[] row, int count, int depth) {
        int max = (1 << depth) - 1;
        for (int i = 0; i < count; i++) {
            row[i] = (row[i] * 255 + max / 2) / max;
        }
    }

    private void profile(int y, int[] argb) {
        BufferedImage converted = strip;
        if (converted == null || y < stripTop || y >= stripTop + STRIP) {
            stripTop = y / STRIP * STRIP;
            int rows = Math.min(STRIP, height() - stripTop);
            converted = new BufferedImage(width(), rows, BufferedImage.TYPE_INT_ARGB);
            new ColorConvertOp(null).filter(image.getSubimage(0, stripTop, width(), rows), converted);
            strip = converted;
        }
        converted.getRaster().getDataElements(0, y - stripTop, width(), 1, argb);
    }

    private int[] room(int count) {
        if (samples.length < count) {
            samples = new int[count];
        }
        return samples;
    }
}
