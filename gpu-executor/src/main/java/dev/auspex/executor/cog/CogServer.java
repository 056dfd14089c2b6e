package dev.auspex.executor.cog;

import dev.auspex.executor.domain.Retry;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Cog server as all slots see it: waits until it can run predictions, begins a dead one again, and knows its schema.
 * Safe for any thread.
 */
final class CogServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CogServer.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int SHOWN_LOG = 2000;
    private static final Retry RETRY = new Retry(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final CogPlace place;
    private final CogClient client;
    private final Patience patience;
    private final CogStanding standing;
    private final AtomicInteger running = new AtomicInteger();
    private volatile @Nullable CogLife life;
    private volatile @Nullable Broken broken;

    /**
     * How long a server is waited for.
     *
     * @param setup until its set-up must have ended
     * @param absent how long nobody may answer
     * @param end until it has ended when it was told to
     */
    record Patience(Duration setup, Duration absent, Duration end) {}

    /** It could not be set up. */
    private record Broken(CogPlace.Home home, String message, int failures, long retryAtNanos) {}

    /**
     * A server that can take predictions.
     *
     * @param life until when it can
     * @param schema what it takes and gives
     * @param health what it said
     * @param setUp how long it was waited for; zero if it was ready at once
     */
    record Ready(CogLife life, CogSchema schema, CogHealth health, Duration setUp) {

        URI address() {
            return life.home().address();
        }
    }

    /** @param clock tells since when it stands as it does */
    CogServer(CogPlace place, CogClient client, Patience patience, Clock clock) {
        this.place = place;
        this.client = client;
        this.patience = patience;
        this.standing = new CogStanding(place, clock);
    }

    CogPlace place() {
        return place;
    }

    CogClient client() {
        return client;
    }

    /** How it stands. */
    CogStanding standing() {
        return standing;
    }

    /** How many predictions of this executor it runs, or is being offered. */
    AtomicInteger running() {
        return running;
    }

    /**
     * Waits until the server can run predictions, and starts it where that can be done.
     *
     * @param logs gets what its set-up printed, if that failed
     * @throws ModelException if its set-up failed
     * @throws CogException if there is no server
     * @throws CanceledException from the checkpoint
     */
    Ready await(Checkpoint checkpoint, Consumer<String> logs)
            throws ModelException, CogException, CanceledException, InterruptedException {
        standing.waits();
        try {
            return awaitReady(checkpoint, logs);
        } catch (ModelException e) {
            standing.failed(String.valueOf(e.getMessage()), true);
            throw e;
        } catch (CogException e) {
            standing.failed(String.valueOf(e.getMessage()), false);
            throw e;
        } finally {
            standing.waitsNoMore();
        }
    }

    private Ready awaitReady(Checkpoint checkpoint, Consumer<String> logs)
            throws ModelException, CogException, CanceledException, InterruptedException {
        long asked = System.nanoTime();
        boolean atOnce = place.there() != null;
        CogPlace.Home last = null;
        long begun = 0;
        long silentSince = 0;
        while (true) {
            checkpoint.check();
            checkBroken();
            CogPlace.Home home = place.home(checkpoint);
            if (!home.equals(last)) {
                // It may have waited for others' containers to end: that is not its set-up.
                last = home;
                begun = System.nanoTime();
                silentSince = begun;
            }
            try {
                CogHealth health = client.health(home.address(), checkpoint);
                standing.heard(home, health.status());
                silentSince = System.nanoTime();
                switch (health.status()) {
                    case READY, BUSY, UNHEALTHY -> {
                        return ready(home, health, atOnce ? Duration.ZERO : since(asked), checkpoint);
                    }
                    case SETUP_FAILED -> setupFailed(home, health, logs);
                    case DEFUNCT -> defunct(home, health, logs);
                    case STARTING, UNKNOWN -> { }
                }
            } catch (IOException silent) {
                standing.silent();
                ended(home, checkpoint, logs);
                if (since(silentSince).compareTo(patience.absent()) > 0) {
                    LOG.atWarn().addKeyValue("server", place.name()).addKeyValue("cause", silent.toString()).log("Cog server does not answer");
                    throw new CogException("the model's Cog server does not answer", false, silent);
                }
            }
            if (since(begun).compareTo(patience.setup()) > 0) {
                throw new ModelException("the model could not be set up: it took longer than " + patience.setup().toSeconds() + " s");
            }
            atOnce = false;
            Thread.sleep(LOOK);
        }
    }

    /**
     * Asks how it is, if it is there and nobody waits for it, who would ask anyway.
     *
     * @throws ModelException if its set-up failed
     * @throws CanceledException from the checkpoint
     */
    void look(Checkpoint checkpoint) throws ModelException, CanceledException, InterruptedException {
        CogPlace.Home home = place.there();
        if (home == null || standing.isAwaited()) {
            return;
        }
        try {
            standing.heard(home, client.health(home.address(), checkpoint).status());
        } catch (IOException silent) {
            standing.silent();
            endedUnseen(home, checkpoint);
        }
    }

    private void endedUnseen(CogPlace.Home home, Checkpoint checkpoint)
            throws ModelException, CanceledException, InterruptedException {
        try {
            ended(home, checkpoint, printed -> {});
        } catch (ModelException e) {
            standing.failed(String.valueOf(e.getMessage()), true);
            throw e;
        }
    }

    /** How long its set-up is not to be tried again; zero or less if it may be. */
    Duration rest() {
        Broken known = broken;
        return known == null ? Duration.ZERO : Duration.ofNanos(known.retryAtNanos() - System.nanoTime());
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    // What this executor starts is not started again at once for every job that waits.
    private void checkBroken() throws ModelException {
        Broken known = broken;
        if (known != null && System.nanoTime() - known.retryAtNanos() < 0) {
            throw new ModelException(known.message());
        }
    }

    private Ready ready(CogPlace.Home home, CogHealth health, Duration setUp, Checkpoint checkpoint)
            throws IOException, CanceledException, InterruptedException {
        CogLife now = life(home, health);
        CogSchema schema = now.schema();
        if (schema == null || schema.document().isEmpty()) {
            schema = new CogSchema(client.schema(home.address(), checkpoint));
            now.schema(schema);
        }
        broken = null;
        return new Ready(now, schema, health, setUp);
    }

    private synchronized CogLife life(CogPlace.Home home, CogHealth health) {
        CogLife known = life;
        if (known != null && !known.isOver()) {
            if (known.home().equals(home) && Objects.equals(known.setupEnd(), health.setupEnd())) {
                return known;
            }
            known.end();
        }
        CogLife next = new CogLife(home, health.setupEnd());
        life = next;
        return next;
    }

    private boolean hasServed(CogPlace.Home home) {
        CogLife known = life;
        return known != null && known.home().equals(home);
    }

    // One that somebody else runs is only asked again.
    private void setupFailed(CogPlace.Home home, CogHealth health, Consumer<String> logs)
            throws ModelException, InterruptedException {
        if (place.loosen(home, health.setupLogs())) {
            boolean unused = place.kill(home, patience.end());
            return;
        }
        if (!place.isOwn()) {
            throw failure(health.setupLogs(), logs);
        }
        ModelException failure = broken(home, new CogPlace.End("its set-up failed", health.setupLogs()), logs);
        boolean unused = place.kill(home, patience.end());
        throw failure;
    }

    private void defunct(CogPlace.Home home, CogHealth health, Consumer<String> logs)
            throws ModelException, InterruptedException {
        if (place.isOwn() && !hasServed(home)) {
            setupFailed(home, health, logs); // or it would be started and ended in turns
            return;
        }
        LOG.atWarn().addKeyValue("server", place.name()).log("Cog server is defunct: ended, to be started again");
        boolean unused = kill(life(home, health));
    }

    private void ended(CogPlace.Home home, Checkpoint checkpoint, Consumer<String> logs)
            throws ModelException, CanceledException, InterruptedException {
        CogLife known = life;
        if (known != null) {
            known.schema(null); // another model may answer there next
        }
        CogPlace.End end = place.ended(home, checkpoint).orElse(null);
        if (end != null && !hasServed(home)) {
            throw broken(home, end, logs);
        }
        if (end != null) {
            LOG.atWarn().addKeyValue("server", place.name()).addKeyValue("end", end.how()).log("Cog server has ended: started again");
        }
    }

    private ModelException broken(CogPlace.Home home, CogPlace.End end, Consumer<String> logs) {
        ModelException failure = failure(end.logs().isBlank() ? end.how() : end.logs(), logs);
        synchronized (this) {
            Broken before = broken;
            if (before == null || !before.home().equals(home)) {
                int failures = before == null ? 1 : before.failures() + 1;
                Duration pause = RETRY.after(failures);
                LOG.atError()
                        .addKeyValue("server", place.name())
                        .addKeyValue("end", end.how())
                        .addKeyValue("retry_after", pause)
                        .log("Cog server could not be set up");
                broken = new Broken(home, String.valueOf(failure.getMessage()), failures, System.nanoTime() + pause.toNanos());
            }
        }
        return failure;
    }

    private static ModelException failure(String printed, Consumer<String> logs) {
        logs.accept(printed);
        String end = printed.strip();
        String shown = end.length() <= SHOWN_LOG ? end : "…" + end.substring(end.length() - SHOWN_LOG);
        return new ModelException("the model could not be set up: " + (shown.isEmpty() ? "its server gave no reason" : shown));
    }

    /** Ends a life by force unless it is over. @return whether it is */
    boolean kill(CogLife killed) throws InterruptedException {
        long deadline = System.nanoTime() + patience.end().toNanos();
        if (!killed.ending().tryLock(patience.end().toNanos(), TimeUnit.NANOSECONDS)) {
            return killed.isOver();
        }
        try {
            if (!killed.isOver() && place.kill(killed.home(), Duration.ofNanos(deadline - System.nanoTime()))) {
                killed.end();
            }
            return killed.isOver();
        } finally {
            killed.ending().unlock();
        }
    }

    /** Lets the next one write to its files if a prediction failed because this one could not. @return whether it was so */
    boolean loosen(CogLife failed, String said) throws InterruptedException {
        if (!place.loosen(failed.home(), said)) {
            return false;
        }
        failed.sacrifice();
        boolean unused = kill(failed);
        return true;
    }

    /** The schema that the running server gave; {@code null} while none is known. */
    @Nullable CogSchema knownSchema() {
        CogLife known = life;
        CogSchema schema = known == null ? null : known.schema();
        return schema == null || schema.document().isEmpty() ? null : schema;
    }

    /** Ends what was started; a model that runs is asked to first, so that it can put away what it has open. */
    @Override
    public void close() {
        CogLife known = life;
        try {
            // At an address that is free again anybody may answer.
            if (place.isOwn() && known != null && known.home().equals(place.there())) {
                boolean unused = client.end(known.home().address(), patience.end());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        place.close();
    }
}
