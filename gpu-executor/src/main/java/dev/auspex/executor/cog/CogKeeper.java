package dev.auspex.executor.cog;

import dev.auspex.executor.domain.Retry;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.worker.WorkerStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one server while the executor lives: asks how it is, and sees to it that one that is to be kept is there, whether
 * jobs come or not. What fails here fails no job and is tried again after a pause that doubles up to a minute. Works on a
 * virtual thread of its own; methods are for any.
 */
final class CogKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CogKeeper.class);
    private static final Duration TICK = Duration.ofMillis(250);
    /** Longer than the looks of those who run predictions in it are apart. */
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(5);
    private static final Retry RETRY = new Retry(Duration.ofSeconds(1), Duration.ofMinutes(1));
    /** What stood for so long did not fail at once. */
    private static final Duration STEADY = Duration.ofMinutes(1);
    /** A server that nobody has used for so long and that is not ours to end is nothing to this executor. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final Runner runner;
    private final boolean gpu;
    private final CogServer server;
    private final AtomicInteger users = new AtomicInteger();
    private final Thread thread;
    private volatile CogHold hold = CogHold.NONE;
    private volatile @Nullable Long usedAtNanos;
    private volatile boolean closed;
    private boolean stood;
    private long stoodSinceNanos;
    private int failures;
    private long retryAtNanos;

    /** Begins to look. @param gpu whether its container gets devices */
    CogKeeper(Runner runner, boolean gpu, CogServer server) {
        this.runner = runner;
        this.gpu = gpu;
        this.server = server;
        this.retryAtNanos = System.nanoTime();
        this.thread = Thread.ofVirtual().name("cog-keeper").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    CogServer server() {
        return server;
    }

    Runner runner() {
        return runner;
    }

    /** How much it is wanted from now on. */
    void hold(CogHold wanted) {
        hold = wanted;
        server.place().hold(wanted);
    }

    /** A job needs it: until {@link #leave} it is not ended to make room for others. */
    void enter() {
        int unused = users.incrementAndGet();
        server.place().enter();
    }

    /** A job needs it no longer. */
    void leave() {
        server.place().leave();
        usedAtNanos = System.nanoTime();
        int unused = users.decrementAndGet();
    }

    /** How it stands; empty if it is nothing to this executor now. */
    Optional<WorkerStatus.CogServer> status() {
        if (!concerns()) {
            return Optional.empty();
        }
        CogStanding.State state = server.standing().state();
        return Optional.of(new WorkerStatus.CogServer(
                runner,
                gpu,
                state.state(),
                state.since(),
                hold != CogHold.NONE,
                server.running().get(),
                state.problem()));
    }

    private boolean concerns() {
        Long used = usedAtNanos;
        return hold != CogHold.NONE
                || users.get() > 0
                || (server.place().isOwn() && server.place().there() != null)
                || (used != null && System.nanoTime() - used < FORGOTTEN.toNanos());
    }

    private void run() {
        try {
            while (!closed) {
                round();
                Thread.sleep(TICK);
            }
        } catch (InterruptedException end) {
            LOG.atDebug().addKeyValue("server", server.place().name()).log("no longer looked after");
        }
    }

    private void round() throws InterruptedException {
        try {
            long now = System.nanoTime();
            if (concerns() && now - server.standing().heardAtNanos() >= LOOK.toNanos()) {
                look(now);
            }
            note(server.standing().stands());
            if (!stood && hold != CogHold.NONE && System.nanoTime() - retryAtNanos >= 0) {
                server.await(this::checkWanted, printed -> {});
                note(true);
            }
        } catch (CanceledException noLongerWanted) {
            LOG.atDebug().addKeyValue("server", server.place().name()).log("Cog server no longer to be kept");
        } catch (ModelException | CogException | RuntimeException e) {
            failed(e);
        }
    }

    private void look(long now) throws ModelException, InterruptedException {
        try {
            server.look(Waiting.until(now + LOOK_LIMIT.toNanos()));
        } catch (CanceledException tooLong) {
            server.standing().silent();
        }
    }

    private void checkWanted() throws CanceledException {
        if (closed || hold == CogHold.NONE) {
            throw new CanceledException();
        }
    }

    // One that ends again and again is started again ever more rarely, also if its set-up succeeds each time.
    private void note(boolean stands) {
        long now = System.nanoTime();
        if (stands && !stood) {
            stoodSinceNanos = now;
        } else if (stood && !stands) {
            if (now - stoodSinceNanos >= STEADY.toNanos()) {
                failures = 0;
            }
            Duration pause = RETRY.after(++failures);
            retryAtNanos = now + pause.toNanos();
            if (hold != CogHold.NONE) {
                LOG.atWarn()
                        .addKeyValue("server", server.place().name())
                        .addKeyValue("retry_after", pause)
                        .log("Cog server that is to be kept does not stand any more");
            }
        }
        stood = stands;
    }

    private void failed(Exception e) {
        Duration pause = RETRY.after(++failures);
        Duration rest = server.rest();
        retryAtNanos = System.nanoTime() + (rest.compareTo(pause) > 0 ? rest : pause).toNanos();
        LOG.atWarn()
                .addKeyValue("server", server.place().name())
                .addKeyValue("cause", e.getMessage())
                .addKeyValue("retry_after", pause)
                .log("Cog server is not ready");
    }

    /** Looks no more. What is being started goes on, for whoever ends the server. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            boolean unused = thread.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
