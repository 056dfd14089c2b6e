package dev.auspex.executor.cog;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a Cog server runs and how its life is begun and ended. Safe for any thread. */
interface CogPlace extends AutoCloseable {

    /**
     * A server that was started there.
     *
     * @param address where it answers
     * @param id another one for each that is started; always the same where somebody else starts it
     * @param readOnly whether it cannot write to its own files
     */
    record Home(URI address, String id, boolean readOnly) {}

    /** A job needs a server there: until {@link #leave} it is not ended to make room for others. */
    void enter();

    /** A job needs it no longer. */
    void leave();

    /**
     * The server that is there now; starts it where that can be done and has not been.
     *
     * @param checkpoint asked while it takes long
     * @throws CogException if it cannot be started
     * @throws CanceledException from the checkpoint
     */
    Home home(Checkpoint checkpoint) throws CogException, CanceledException, InterruptedException;

    /** Whether this executor starts it: then nobody else uses it, and nobody else starts the next one. */
    boolean isOwn();

    /** The server that is there now, as far as is known; {@code null} for none. Starts nothing. */
    @Nullable Home there();

    /** Whether it is to be started and others have to end first. */
    boolean isWaiting();

    /** How much it is wanted while no job needs it. */
    void hold(CogHold hold);

    /**
     * How a server ended by itself.
     *
     * @param how one sentence
     * @param logs what it printed last
     */
    record End(String how, String logs) {}

    /**
     * How it ended, if it is known to have done so by itself; empty while it runs or nobody can tell. The next home is a new
     * one then.
     *
     * @throws CanceledException from the checkpoint
     */
    Optional<End> ended(Home home, Checkpoint checkpoint) throws CanceledException, InterruptedException;

    /**
     * Sees to it that the next one can write to its files, if this one failed because it could not.
     *
     * @param said what it said of its failure
     * @return whether that was so
     */
    boolean loosen(Home home, String said);

    /** Ends it by force, or at least asks it to end; one that is no longer there is gone. @return whether it is gone */
    boolean kill(Home home, Duration limit) throws InterruptedException;

    /** Where its webhooks and files come to. @throws IOException if that place cannot be opened */
    CogListener listener() throws IOException;

    /** For the operator's log. */
    String name();

    /** Ends what was started. */
    @Override
    void close();
}
