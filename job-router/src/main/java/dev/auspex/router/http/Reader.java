package dev.auspex.router.http;

import dev.auspex.router.query.LocalPage;
import dev.auspex.router.query.Lookup;
import dev.auspex.router.query.PageRequest;
import dev.auspex.router.query.PredictionReads;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stores off the event loop: a few threads of its own, and a bound on what may queue for them. Safe for any
 * thread; answers come back on the caller's context.
 */
final class Reader {

    private static final int THREADS = 4;
    private static final int MAX_PENDING = 4_096;

    private final WorkerExecutor workers;
    private final AtomicReference<@Nullable PredictionReads> reads;
    private final AtomicInteger pending = new AtomicInteger();

    /** @param reads set once there is something to read */
    Reader(Vertx vertx, AtomicReference<@Nullable PredictionReads> reads) {
        this.workers = vertx.createSharedWorkerExecutor("router-reads", THREADS);
        this.reads = reads;
    }

    /**
     * Looks a prediction up and, if it is not there, makes sure that it does not only seem so.
     *
     * @throws RejectedExecutionException in the future, if too many reads wait already
     */
    Future<Lookup> find(AccountId account, PredictionId id) {
        PredictionReads source = reads.get();
        if (source == null) {
            return Future.succeededFuture(new Lookup.Unavailable("The router is starting."));
        }
        return blocking(() -> source.find(account, id)).compose(found -> found instanceof Lookup.Absent
                ? Future.fromCompletionStage(source.caughtUp(id), Vertx.currentContext()).compose(sure -> sure
                        ? blocking(() -> source.find(account, id))
                        : Future.succeededFuture(new Lookup.Unavailable("The router has not read all jobs yet.")))
                : Future.succeededFuture(found));
    }

    Future<LocalPage> list(PageRequest page) {
        PredictionReads source = reads.get();
        return source == null
                ? Future.failedFuture(new RejectedExecutionException("The router is starting."))
                : blocking(() -> source.list(page));
    }

    @Nullable PredictionReads reads() {
        return reads.get();
    }

    void close() {
        workers.close();
    }

    /** Runs a read of a store. @throws RejectedExecutionException in the future, if too many wait already */
    <T> Future<T> blocking(Callable<T> read) {
        if (pending.incrementAndGet() > MAX_PENDING) {
            pending.decrementAndGet();
            return Future.failedFuture(new RejectedExecutionException("Too many reads are waiting."));
        }
        return workers.executeBlocking(read, false).onComplete(done -> pending.decrementAndGet());
    }
}
