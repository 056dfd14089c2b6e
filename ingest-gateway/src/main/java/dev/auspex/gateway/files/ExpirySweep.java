package dev.auspex.gateway.files;

import dev.auspex.runtime.files.FileStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes expired files now and then, a bounded number at a time. Every gateway runs one; several on one store do not
 * disturb each other.
 */
public final class ExpirySweep implements AutoCloseable {

    /** How often a gateway sweeps. */
    public static final Duration INTERVAL = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(ExpirySweep.class);
    private static final int MOST_AT_ONCE = 10_000;

    private final Vertx vertx;
    private final FileStore files;
    private final AtomicBoolean running = new AtomicBoolean();
    private final long timer;

    /** Begins sweeping, first after one interval. */
    public ExpirySweep(Vertx vertx, FileStore files, Duration interval) {
        this.vertx = vertx;
        this.files = files;
        this.timer = vertx.setPeriodic(interval.toMillis(), now -> sweep());
    }

    private void sweep() {
        if (running.compareAndSet(false, true)) {
            Thread.ofVirtual().name("file-sweep").start(() -> {
                try {
                    int removed = files.deleteExpired(MOST_AT_ONCE);
                    LOG.atDebug().addKeyValue("removed", removed).log("expired files swept");
                } catch (IOException | RuntimeException e) {
                    LOG.atWarn().setCause(e).log("expired files not swept");
                } finally {
                    running.set(false);
                }
            });
        }
    }

    /** Stops the timer; a sweep under way ends by itself. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
