package dev.auspex.executor.models.render;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.PictureException;
import dev.auspex.model.CanceledException;

/** Makes the frames of one video, in order. Used by the slot's thread only. */
public interface FrameMaker {

    /** Frames that may have been started and not finished. */
    int PIPELINE = 2;

    /**
     * Starts a frame; with a device it is still being made when this returns.
     *
     * @param frame its number, from 0
     * @param target filled when this frame is finished
     * @param checkpoint asked meanwhile where a frame can take long
     * @return false when there are no more frames; nothing was started then
     * @throws PictureException if what the frames are made from turns out to be broken
     * @throws CanceledException from the checkpoint; the frame is not started then
     */
    boolean start(int frame, byte[] target, Checkpoint checkpoint) throws PictureException, CanceledException;

    /** Waits for the oldest started frame. */
    void finish();

    /** Whether it is known how many frames there will be. */
    default boolean knowsLength() {
        return true;
    }
}
