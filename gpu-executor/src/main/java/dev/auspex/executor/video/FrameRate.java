package dev.auspex.executor.video;

import java.time.Duration;

/**
 * How many frames a second has, as a fraction: 30000/1001 is what television calls 29.97.
 *
 * @param frames so many
 * @param seconds in this time
 */
public record FrameRate(int frames, int seconds) {

    /** The slowest video, in frames per second. */
    public static final int MIN = 1;

    /** The fastest video, in frames per second. */
    public static final int MAX = 120;

    /** @throws IllegalArgumentException on a rate outside {@link #MIN} to {@link #MAX} */
    public FrameRate {
        if (seconds < 1 || frames < (long) MIN * seconds || frames > (long) MAX * seconds) {
            throw new IllegalArgumentException("a rate of " + frames + " frames in " + seconds + " s");
        }
    }

    /** A whole number of frames per second. */
    public static FrameRate of(int perSecond) {
        return new FrameRate(perSecond, 1);
    }

    /** Frames per second. */
    public double perSecond() {
        return (double) frames / seconds;
    }

    /** How long so many frames last. */
    public Duration length(int count) {
        return Duration.ofNanos(Math.round(count / perSecond() * 1e9));
    }

    /** As ffmpeg takes it. */
    @Override
    public String toString() {
        return seconds == 1 ? Integer.toString(frames) : frames + "/" + seconds;
    }
}
