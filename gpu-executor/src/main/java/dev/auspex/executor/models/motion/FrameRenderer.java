package dev.auspex.executor.models.motion;

import dev.auspex.executor.models.render.FrameMaker;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;

/**
 * Makes frames of a scene. One renderer per slot, used by the slot's thread only. Both implementations follow the same
 * mathematics (docs/models.md, "How a frame is made"); a test holds them together.
 */
interface FrameRenderer extends AutoCloseable {

    /** Frames that may have been started and not finished. */
    int PIPELINE = FrameMaker.PIPELINE;

    /** What it runs on, for the prediction's log. */
    String device();

    /** Takes a scene; everything begun for the last one must be finished. */
    void load(Scene scene);

    /**
     * Starts a frame; with a device it is still being made when this returns.
     *
     * @param mesh read until this frame is finished
     * @param target filled when this frame is finished, {@code scene.frame().bytes()} long
     * @param checkpoint asked meanwhile where a frame can take long
     * @throws CanceledException from the checkpoint; the frame is not started then
     */
    void start(WarpMesh mesh, byte[] target, Checkpoint checkpoint) throws CanceledException;

    /** Waits for the oldest started frame. */
    void finish();

    @Override
    void close();
}
