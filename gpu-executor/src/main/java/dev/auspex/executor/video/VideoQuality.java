package dev.auspex.executor.video;

/** How much of a file's size is spent on fidelity. */
public enum VideoQuality {
    /** Small: previews. */
    DRAFT(28, 0.05),
    /** Hard to tell from the original at normal viewing distance. */
    STANDARD(21, 0.11),
    /** For editing further. */
    HIGH(16, 0.25);

    private final int constantRateFactor;
    private final double bitsPerPixel;

    VideoQuality(int constantRateFactor, double bitsPerPixel) {
        this.constantRateFactor = constantRateFactor;
        this.bitsPerPixel = bitsPerPixel;
    }

    int constantRateFactor() {
        return constantRateFactor;
    }

    /** Bits per second for an encoder that only knows a rate. */
    long bitRate(FrameSize size, FrameRate rate) {
        // Frames of a fast video differ less from each other: a rate grows with the root of the frame rate.
        double frames = 24 * Math.sqrt(rate.perSecond() / 24);
        return Math.max(64_000, Math.round(bitsPerPixel * size.width() * size.height() * frames));
    }
}
