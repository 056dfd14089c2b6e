package dev.auspex.executor.models.scene;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.model.CanceledException;

/**
 * Makes frames of a shot. One per slot, used by the slot's thread only. Both implementations follow the same mathematics; a
 * test holds them together.
 */
interface SceneRenderer extends AutoCloseable {

    /** What it runs on, for the prediction's log. */
    String device();

    /**
     * Makes room for frames; everything begun for the last video must be finished.
     *
     * @param samples rays per pixel and axis
     */
    void load(FrameSize size, int samples);

    /**
     * Starts a frame; with a device it is still being made when this returns.
     *
     * @param uniforms the frame's numbers
     * @throws CanceledException from the checkpoint
     */
    void start(float[] uniforms, byte[] target, Checkpoint checkpoint) throws CanceledException;

    /** Waits for the oldest started frame. */
    void finish();

    @Override
    void close();
}
