package dev.auspex.gateway.files;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last part of a disk for what has been accepted: while less than the reserve is free, nothing new is taken
 * (507), and reads, cancellations and running jobs go on. With an embedded broker that disk holds Kafka as well, and a
 * broker that cannot write ends its process. Looked at once a second; safe for any thread.
 */
public final class DiskReserve implements Handler<RoutingContext>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Path folder;
    private final long bytes;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final long timer;
    private volatile boolean low;

    /** Looks for the first time now. @param folder on the disk; may not exist yet @param bytes what has to stay free */
    public DiskReserve(Vertx vertx, Path folder, long bytes) {
        this.vertx = vertx;
        this.folder = folder.toAbsolutePath();
        this.bytes = bytes;
        look();
        this.timer = vertx.setPeriodic(INTERVAL.toMillis(), now -> {
            // A network file system may take its time: never on the event loop.
            if (looking.compareAndSet(false, true)) {
                Thread.ofVirtual().name("disk-reserve").start(() -> {
                    look();
                    looking.set(false);
                });
            }
        });
    }

    /** Refuses the request, or lets the next handler have it. */
    @Override
    public void handle(RoutingContext ctx) {
        if (low) {
            throw new ApiException(ApiError.STORAGE_FULL, "There is no room left for anything new. Try again later.");
        }
        ctx.next();
    }

    private void look() {
        try {
            long free = Files.getFileStore(existing(folder)).getUsableSpace();
            boolean now = free < bytes;
            if (now != low) {
                LOG.atWarn()
                        .addKeyValue("folder", folder)
                        .addKeyValue("free_bytes", free)
                        .addKeyValue("reserve_bytes", bytes)
                        .log(now ? "disk nearly full, creates are refused" : "disk has room again");
            }
            low = now;
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("free disk space unknown");
        }
    }

    private static Path existing(Path folder) {
        Path found = folder;
        while (Files.notExists(found) && found.getParent() != null) {
            found = found.getParent();
        }
        return found;
    }

    /** Stops looking. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
