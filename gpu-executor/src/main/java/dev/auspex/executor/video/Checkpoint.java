package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;

/** Where long work asks whether it should stop. Cheap: called from inner loops. */
@FunctionalInterface
public interface Checkpoint {

    /**
     * Returns if the work may go on.
     *
     * @throws CanceledException if somebody wants it to stop
     */
    void check() throws CanceledException;
}
