package dev.auspex.executor.cog;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where a Cog server runs and how its life is begun and ended. Safe for any thread. */
interface CogPlace extends AutoCloseable {

    /**
     * Its address; starts it where that can be done and has not been.
     *
     * @param checkpoint asked while it takes long
     * @throws CogException if it cannot be started
     * @throws CanceledException from the checkpoint
     */
    URI address(Checkpoint checkpoint) throws CogException, CanceledException, InterruptedException;

    /**
     * How a server ended by itself.
     *
     * @param how one sentence
     * @param logs what it printed last
     */
    record End(String how, String logs) {}

    /** How it ended, if it is known to have; empty while it runs or nobody can tell. The next address is of a new one. */
    Optional<End> ended();

    /**
     * Gives a server that failed because it cannot write to its files the right to.
     *
     * @param said what it said of its failure
     * @return whether that was so: it has been ended, and the next one can
     */
    boolean loosen(String said);

    /** Ends it by force, or at least asks it to end. @return whether it is gone */
    boolean kill(Duration limit) throws InterruptedException;

    /** Where its webhooks and files come to. @throws IOException if that place cannot be opened */
    CogListener listener() throws IOException;

    /** For the operator's log. */
    String name();

    /** Ends what was started. */
    @Override
    void close();
}
