package dev.auspex.executor.video;

/**
 * What a video file is to be.
 *
 * @param size frame size
 * @param rate frames per second
 * @param quality fidelity against size
 */
public record VideoFormat(FrameSize size, FrameRate rate, VideoQuality quality) {

    /** A format with a whole number of frames per second, 1 to 120. */
    public VideoFormat(FrameSize size, int framesPerSecond, VideoQuality quality) {
        this(size, FrameRate.of(framesPerSecond), quality);
    }
}
