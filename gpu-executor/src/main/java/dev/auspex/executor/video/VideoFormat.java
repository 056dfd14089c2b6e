package dev.auspex.executor.video;

/**
 * What a video file is to be.
 *
 * @param size frame size
 * @param framesPerSecond 1 to 120
 * @param quality fidelity against size
 */
public record VideoFormat(FrameSize size, int framesPerSecond, VideoQuality quality) {}
