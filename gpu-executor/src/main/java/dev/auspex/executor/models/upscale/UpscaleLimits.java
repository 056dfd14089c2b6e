package dev.auspex.executor.models.upscale;

import dev.auspex.executor.video.HeapBudget;
import dev.auspex.executor.video.PictureHeader;
import dev.auspex.model.ModelException;

/**
 * What an enlargement may cost; checked before memory is taken.
 *
 * @param heap memory that pictures may take
 */
record UpscaleLimits(HeapBudget heap) {

    static final long MEGAPIXEL = 1_000_000;
    static final long MAX_SOURCE = 24 * MEGAPIXEL;
    private static final long MAX_RESULT = 128 * MEGAPIXEL;

    /** PNG and most programs hold more, but not all. */
    private static final int MAX_SIDE = 32_767;

    /** The decoded picture itself. */
    private static final int DECODED_BYTES = 8;

    /** Up to four channels. */
    private static final int CHANNEL_BYTES = 4 * Float.BYTES;

    /** What cleaning adds: brightness, and three cleaned channels. */
    private static final int CLEANING_BYTES = 4 * Float.BYTES;

    /** With what all slots share. */
    static UpscaleLimits standard() {
        return new UpscaleLimits(HeapBudget.STANDARD);
    }

    /**
     * Checks a picture.
     *
     * @return how much memory it takes, in bytes
     * @throws ModelException naming the field
     */
    long admit(PictureHeader header, Enlargement how) throws ModelException {
        long pixels = header.pixels();
        String size = header.shownWidth() + " x " + header.shownHeight();
        if (pixels > MAX_SOURCE) {
            throw new ModelException("image: must have at most %d megapixels, is %s".formatted(MAX_SOURCE / MEGAPIXEL, size));
        }
        long width = (long) header.shownWidth() * how.scale();
        long height = (long) header.shownHeight() * how.scale();
        if (width * height > MAX_RESULT || Math.max(width, height) > MAX_SIDE) {
            throw new ModelException("scale: the result must have at most %d megapixels and sides of at most %d, is %s times %d"
                    .formatted(MAX_RESULT / MEGAPIXEL, MAX_SIDE, size, how.scale()));
        }
        long needed = pixels * (DECODED_BYTES + CHANNEL_BYTES + (how.denoise() > 0 ? CLEANING_BYTES : 0));
        if (needed > heap.bytes()) {
            throw new ModelException("image: enlarging %s takes %d MB of memory, this executor has %d MB for it"
                    .formatted(size, needed / MEGAPIXEL, heap.bytes() / MEGAPIXEL));
        }
        return needed;
    }
}
