package dev.auspex.dispatcher.api;

import dev.auspex.dispatcher.log.DeliveryLog;
import dev.auspex.dispatcher.log.LogPage;
import dev.auspex.dispatcher.log.LogQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads the log off the event loop, so many look-ups at once. Answers come back on the caller's context. */
final class LogReader {

    private static final int THREADS = 2;
    private static final int MOST_WAITING = 256;

    private final DeliveryLog log;
    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();

    LogReader(Vertx vertx, DeliveryLog log) {
        this.log = log;
        this.workers = vertx.createSharedWorkerExecutor("webhook-log-reads", THREADS);
    }

    /** @throws RejectedExecutionException in the future, if too many wait already */
    Future<LogPage> find(LogQuery query) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(new RejectedExecutionException("too many look-ups are waiting"));
        }
        return workers.executeBlocking(() -> log.find(query), false).onComplete(done -> waiting.decrementAndGet());
    }

    void close() {
        workers.close();
    }
}
