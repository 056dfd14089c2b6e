package dev.auspex.model;

import java.nio.file.Path;

/** What a running prediction can do besides returning its output. Used by the predicting thread. */
public interface PredictionContext {

    /** Gives the next piece of a yielding model's output; it reaches readers of the stream at once. */
    void yield(Object chunk);

    /** Adds a line to the prediction's log. */
    void log(String line);

    /** Reports how far it is. @param fraction 0 to 1 */
    void progress(double fraction);

    /** Records a number in the prediction's metrics; integral values stay integers. */
    void metric(String name, Number value);

    /** Whether somebody wants the prediction to stop. Cheap: ask in every loop. */
    boolean isCanceled();

    /** @throws CanceledException if somebody wants the prediction to stop; let it pass */
    default void checkCanceled() throws CanceledException {
        if (isCanceled()) {
            throw new CanceledException();
        }
    }

    /**
     * Waits, but not longer than until somebody cancels.
     *
     * @throws CanceledException if that happened
     */
    void pause(java.time.Duration duration) throws CanceledException;

    /** A folder for temporary files; emptied when the prediction ends. */
    Path workFolder();
}
