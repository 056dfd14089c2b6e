package dev.auspex.executor.models.motion;

import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.Picture;

/**
 * What stays the same in all frames of a video.
 *
 * @param picture the picture
 * @param frame size of the frames
 * @param backdrop a whole frame to show where the picture is not; empty when the picture fills every frame
 */
@SuppressWarnings("ArrayRecordComponent") // Passed around, never compared.
record Scene(Picture picture, FrameSize frame, byte[] backdrop) {

    boolean hasBackdrop() {
        return backdrop.length > 0;
    }

    /** The largest value a plane may hold in limited-range video. */
    static int ceiling(int plane) {
        return plane == 0 ? 235 : 240;
    }

    /** The smallest value a plane may hold in limited-range video. */
    static final int FLOOR = 16;
}
