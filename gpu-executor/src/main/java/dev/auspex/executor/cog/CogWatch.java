package dev.auspex.executor.cog;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after a server while it runs a prediction: what it does not say by itself is seen here. One job, the slot's working thread. */
final class CogWatch {

    private static final Logger LOG = LoggerFactory.getLogger(CogWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int MOST_SILENT = 3;
    /** So many looks in a row: one alone may come while a neighbour's slot is only about to be free. */
    private static final int SURELY_BUSY = 2;

    private final CogServer server;
    private final CogLife life;
    private final CogJob job;
    private final Duration idle;
    private final Checkpoint checkpoint;
    private int silent;
    private int busyAlone;
    private long idleSince;
    private long nextNanos;

    /**
     * @param idle for the last webhook of a server that says it is idle
     * @param checkpoint ends a look when there is something else to be done
     */
    CogWatch(CogServer server, CogLife life, CogJob job, Duration idle, Checkpoint checkpoint) {
        this.server = server;
        this.life = life;
        this.job = job;
        this.idle = idle;
        this.checkpoint = checkpoint;
    }

    /** It surely runs now: a look at once tells whether this server runs one at a time. */
    void begin() {
        nextNanos = System.nanoTime() + (life.isOneAtATime() ? EVERY.toNanos() : 0);
    }

    /** The server has said something of it. */
    void heard() {
        silent = 0;
        idleSince = 0;
    }

    /**
     * Looks, now and then.
     *
     * @throws CogException if the server has ended, or the prediction in it
     * @throws CanceledException if it was canceled and the server has ended
     */
    void look() throws CogException, CanceledException, InterruptedException {
        if (System.nanoTime() - nextNanos < 0) {
            return;
        }
        if (life.isOver()) {
            throw lost(null, null);
        }
        CogHealth health = health();
        nextNanos = System.nanoTime() + EVERY.toNanos();
        if (health == null) {
            return;
        }
        if (life.isOutlivedBy(health)) {
            life.end(); // and the next one is left alone
            throw lost(null, null);
        }
        busyAlone = health.status() == CogHealth.Status.BUSY && server.running().get() == 1 ? busyAlone + 1 : 0;
        if (busyAlone >= SURELY_BUSY) {
            life.seemsToTakeOne();
        }
        switch (health.status()) {
            case DEFUNCT -> throw lost(null, null);
            case READY -> idle();
            case BUSY, UNHEALTHY, UNKNOWN, STARTING, SETUP_FAILED -> idleSince = 0;
        }
    }

    private @Nullable CogHealth health() throws CogException, CanceledException, InterruptedException {
        try {
            CogHealth health = server.client().health(life.home().address(), checkpoint);
            server.standing().heard(life.home(), health.status());
            silent = 0;
            return health;
        } catch (IOException e) {
            silent += e instanceof ConnectException ? 2 : 1; // nobody listens, or nobody answers
            String how = howEnded();
            if (how != null || silent >= MOST_SILENT) {
                throw lost(how, e);
            }
        } catch (CanceledException cut) {
            LOG.atDebug().log("a look at a Cog server was cut short");
        }
        return null;
    }

    private @Nullable String howEnded() throws InterruptedException {
        try {
            return server.place().ended(life.home(), checkpoint).map(CogPlace.End::how).orElse(null);
        } catch (CanceledException cut) {
            return null;
        }
    }

    // With several slots an idle server looks like one that works in another slot, and BUSY may have been another executor's
    // doing: so it is asked whether it runs it, which only a cancellation can, before the prediction is run twice.
    private void idle() throws CogException, InterruptedException {
        long now = System.nanoTime();
        if (job.context().isCanceled() || !life.isOneAtATime()) {
            return;
        }
        if (idleSince == 0) {
            idleSince = now;
        }
        if (now - idleSince <= idle.toNanos()) {
            return;
        }
        boolean runs;
        try {
            runs = server.client().cancel(life.home().address(), job.id(), checkpoint);
        } catch (IOException | CanceledException e) {
            return;
        }
        if (runs) {
            life.takesSeveral();
            throw new CogException("the model's Cog server said it was idle while it ran the prediction", false, null);
        }
        throw new CogException("the model's Cog server ended the prediction and did not say how", false, null);
    }

    /**
     * What it means that the server has ended, or has to be ended.
     *
     * @param how it did, if that is known
     * @throws CanceledException if it was canceled and the server has ended
     */
    CogException lost(@Nullable String how, @Nullable IOException cause) throws CanceledException, InterruptedException {
        LOG.atWarn()
                .addKeyValue("server", server.place().name())
                .addKeyValue("cause", how == null ? String.valueOf(cause) : how)
                .log("Cog server lost while it ran a prediction");
        if (server.kill(life) && job.context().isCanceled()) {
            throw new CanceledException();
        }
        if (life.isSacrificed()) {
            return new CogException("the model's Cog server was ended for another prediction that did not stop", false, cause);
        }
        return new CogException(
                "the model's Cog server ended while it ran the prediction" + (how == null ? "" : ": " + how), true, cause);
    }
}
