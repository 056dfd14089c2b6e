package dev.auspex.executor.video;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a picture file says about itself before anything is decoded.
 *
 * @param format the format, by its first bytes
 * @param width stored width in pixels, at least 1
 * @param height stored height in pixels, at least 1
 * @param bitDepth bits per sample
 * @param orientation how it has to be turned
 */
public record PictureHeader(PictureFormat format, int width, int height, int bitDepth, Orientation orientation) {

    /** @throws IllegalArgumentException on a side below 1 */
    public PictureHeader {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a side is " + Math.min(width, height) + " pixels long");
        }
    }

    /**
     * Reads the header only: a few hundred bytes, whatever the file's size.
     *
     * @throws PictureException if the file is not a still picture of a known format, or its header is broken
     * @throws IOException if the file cannot be read
     */
    public static PictureHeader read(Path file) throws IOException, PictureException {
        try (HeaderReader in = new HeaderReader(file)) {
            byte[] head = in.head(16);
            PictureFormat format = PictureFormat.recognise(head)
                    .orElseThrow(() -> new PictureException("expected a PNG, JPEG or WebP picture, found " + PictureFormat.guess(head)));
            try {
                return switch (format) {
                    case PNG -> PngHeader.read(in);
                    case JPEG -> JpegHeader.read(in);
                    case WEBP -> WebpHeader.read(in);
                };
            } catch (java.io.EOFException | IllegalArgumentException broken) {
                throw new PictureException("broken " + format + ": " + broken.getMessage(), broken);
            }
        }
    }

    /** Pixels in all. */
    public long pixels() {
        return (long) width * height;
    }

    /** Width of the upright picture. */
    public int shownWidth() {
        return orientation.swapsSides() ? height : width;
    }

    /** Height of the upright picture. */
    public int shownHeight() {
        return orientation.swapsSides() ? width : height;
    }

    PictureHeader oriented(Orientation found) {
        return new PictureHeader(format, width, height, bitDepth, found);
    }
}
