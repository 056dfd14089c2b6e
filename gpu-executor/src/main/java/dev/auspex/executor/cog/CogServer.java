package dev.auspex.executor.cog;

import dev.auspex.executor.domain.Retry;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
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
    private final AtomicInteger running = new AtomicInteger();
    private volatile @Nullable Life life;
    private volatile @Nullable Broken broken;
    private volatile boolean oneAtATime;
    private volatile long usedAtNanos = System.nanoTime();

    /**
     * How long a server is waited for.
     *
     * @param setup until its set-up must have ended
     * @param absent how long nobody may answer
     * @param end until it has ended when it was told to
     */
    record Patience(Duration setup, Duration absent, Duration end) {}

    /** It could not be set up. */
    private record Broken(String message, int failures, long retryAtNanos) {}

    /** What is known of a server from one start to its end. */
    private record Life(@Nullable String setupEnd, CogSchema schema) {}

    /**
     * A server that can take predictions.
     *
     * @param address where
     * @param schema what it takes and gives
     * @param health what it said
     */
    record Ready(URI address, CogSchema schema, CogHealth health) {}

    CogServer(CogPlace place, CogClient client, Patience patience) {
        this.place = place;
        this.client = client;
        this.patience = patience;
    }

    CogPlace place() {
        return place;
    }

    CogClient client() {
        return client;
    }

    /** How many predictions of this executor it runs. */
    AtomicInteger running() {
        return running;
    }

    /** Whether it has been seen with all its slots used by one prediction. */
    boolean oneAtATime() {
        return oneAtATime;
    }

    /** When it was last of use, by {@link System#nanoTime}. */
    long usedAtNanos() {
        return usedAtNanos;
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
        Broken known = broken;
        if (known != null && System.nanoTime() - known.retryAtNanos() < 0) {
            throw new ModelException(known.message());
        }
        long begun = System.nanoTime();
        long silentSince = begun;
        while (true) {
            checkpoint.check();
            URI address = place.address(checkpoint);
            try {
                CogHealth health = client.health(address);
                silentSince = System.nanoTime();
                switch (health.status()) {
                    case READY, BUSY, UNHEALTHY -> {
                        usedAtNanos = System.nanoTime();
                        broken = null;
                        return new Ready(address, schema(address, health), health);
                    }
                    case SETUP_FAILED -> throw setupFailed(health.setupLogs(), logs);
                    case DEFUNCT -> restart();
                    case STARTING, UNKNOWN -> { }
                }
            } catch (IOException silent) {
                life = null;
                CogPlace.End end = place.ended().orElse(null);
                if (end != null) {
                    throw broken(end, logs);
                }
                if (since(silentSince).compareTo(patience.absent()) > 0) {
                    LOG.atWarn().addKeyValue("server", place.name()).addKeyValue("cause", silent.toString()).log("Cog server does not answer");
                    throw new CogException("the model's Cog server does not answer", false, silent);
                }
            }
            if (since(begun).compareTo(patience.setup()) > 0) {
                throw new ModelException("the model could not be set up: it took longer than " + patience.setup().toSeconds() + " s");
            }
            Thread.sleep(LOOK);
        }
    }

    // What this executor starts is not started again at once for every job that waits.
    private ModelException broken(CogPlace.End end, Consumer<String> logs) {
        ModelException failure = setupFailed(end.logs().isBlank() ? end.how() : end.logs(), logs);
        Broken before = broken;
        int failures = before == null ? 1 : before.failures() + 1;
        Duration pause = RETRY.after(failures);
        LOG.atError()
                .addKeyValue("server", place.name())
                .addKeyValue("end", end.how())
                .addKeyValue("retry_after", pause)
                .log("Cog server ended before it was ready");
        broken = new Broken(String.valueOf(failure.getMessage()), failures, System.nanoTime() + pause.toNanos());
        return failure;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static ModelException setupFailed(String printed, Consumer<String> logs) {
        logs.accept(printed);
        String end = printed.strip();
        String shown = end.length() <= SHOWN_LOG ? end : "…" + end.substring(end.length() - SHOWN_LOG);
        return new ModelException("the model could not be set up: " + (shown.isEmpty() ? "its server gave no reason" : shown));
    }

    private void restart() throws InterruptedException {
        LOG.atWarn().addKeyValue("server", place.name()).log("Cog server is defunct: ended, to be started again");
        boolean unused = kill();
    }

    /** Ends it by force. @return whether it is gone */
    boolean kill() throws InterruptedException {
        life = null;
        return place.kill(patience.end());
    }

    private CogSchema schema(URI address, CogHealth health) throws IOException, InterruptedException {
        Life known = life;
        if (known == null || known.schema().document().isEmpty() || !Objects.equals(known.setupEnd(), health.setupEnd())) {
            known = new Life(health.setupEnd(), new CogSchema(client.schema(address)));
            life = known;
        }
        return known.schema();
    }

    /** The schema that the running server gave; {@code null} while none is known. */
    @Nullable CogSchema knownSchema() {
        Life known = life;
        return known == null || known.schema().document().isEmpty() ? null : known.schema();
    }

    /** Takes note of how busy it was seen. */
    void seen(CogHealth health) {
        usedAtNanos = System.nanoTime();
        if (health.status() == CogHealth.Status.BUSY && running.get() == 1) {
            oneAtATime = true;
        }
    }

    @Override
    public void close() {
        place.close();
    }
}
