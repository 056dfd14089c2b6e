package dev.auspex.executor.models.upscale;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.util.List;

/**
 * Cleans and enlarges planes. One per slot, used by the slot's thread only. Both implementations follow the same mathematics;
 * a test holds them together.
 */
interface Enlarger extends AutoCloseable {

    /** Targets that may have been started and not finished. */
    int PIPELINE = 2;

    /** What it runs on, for the prediction's log. */
    String device();

    /**
     * Begins a job; forgets what a canceled one has left on its way.
     *
     * @param targetBytes the largest target that will be started
     */
    void begin(int targetBytes);

    /**
     * Takes planes and cleans their groups. Targets of the planes before these may still be on their way, none of those before
     * them.
     *
     * @throws CanceledException from the checkpoint
     */
    void load(Original original, Enlargement how, Checkpoint checkpoint) throws CanceledException;

    /**
     * Starts filling a target from the planes loaded last; with a device it is still being filled when this returns.
     *
     * @param bands what goes into it
     * @throws CanceledException from the checkpoint
     */
    void start(List<Band> bands, byte[] target, Checkpoint checkpoint) throws CanceledException;

    /** Waits for the oldest started target. */
    void finish();

    @Override
    void close();
}
