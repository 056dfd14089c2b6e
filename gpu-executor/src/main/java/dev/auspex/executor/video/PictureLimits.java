package dev.auspex.executor.video;

import java.time.Duration;

/**
 * What a picture may cost; checked against its header before memory is taken.
 *
 * @param maxPixels stored width times height
 * @param maxHeapBytes memory that decoding may take at once
 * @param maxDecodeTime time that decoding may take: a progressive JPEG can ask for any number of passes
 */
public record PictureLimits(long maxPixels, long maxHeapBytes, Duration maxDecodeTime) {

    private static final long MEGAPIXEL = 1_000_000;

    /** 64 megapixels, half of this JVM's heap, 30 seconds. */
    public static PictureLimits standard() {
        return new PictureLimits(64 * MEGAPIXEL, Runtime.getRuntime().maxMemory() / 2, Duration.ofSeconds(30));
    }

    /** @throws PictureException if the picture is larger than allowed */
    void admit(PictureHeader header) throws PictureException {
        if (header.pixels() > maxPixels) {
            throw new PictureException("%d x %d pixels are more than the %d megapixels allowed"
                    .formatted(header.width(), header.height(), maxPixels / MEGAPIXEL));
        }
        long needed = header.pixels() * bytesPerPixel(header);
        if (needed > maxHeapBytes) {
            throw new PictureException("decoding %d x %d pixels takes %d MB of memory, this executor has %d MB for it"
                    .formatted(header.width(), header.height(), needed / MEGAPIXEL, maxHeapBytes / MEGAPIXEL));
        }
    }

    /** Measured with heap histograms while decoding: the reader's own planes count for WebP. */
    private static long bytesPerPixel(PictureHeader header) {
        return switch (header.format()) {
            case PNG -> header.bitDepth() > 8 ? 8 : 4;
            case JPEG -> 4;
            case WEBP -> 8;
        };
    }
}
