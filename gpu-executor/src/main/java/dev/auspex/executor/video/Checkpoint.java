package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;

/** Where long work asks whether it should stop. Cheap: called from inner loops. */
@FunctionalInterface
public interface Checkpoint {

    /** @throws CanceledException if somebody wants the work to stop */
    void check() throws CanceledException;
}
