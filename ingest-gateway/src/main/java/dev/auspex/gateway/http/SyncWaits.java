package dev.auspex.gateway.http;

import dev.auspex.gateway.router.RouterAnswer;
import dev.auspex.gateway.router.RouterClient;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Create requests that wait for the end of their prediction. They can all be answered early when the gateway stops. */
final class SyncWaits {

    private final RouterClient router;
    private final Set<Promise<Void>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    SyncWaits(RouterClient router) {
        this.router = router;
    }

    /**
     * The prediction if it ends in time, else empty: a wait that cannot be served is never a failure, because the
     * prediction has been accepted. Also ends when the client goes away.
     *
     * @param until by {@link System#nanoTime}
     */
    Future<Optional<RouterAnswer.Found>> terminal(RoutingContext ctx, AccountId account, PredictionId id, long until) {
        Duration left = Duration.ofNanos(until - System.nanoTime());
        if (ended || left.toMillis() < 1) {
            return Future.succeededFuture(Optional.empty());
        }
        Promise<Void> abandoned = Promise.promise();
        open.add(abandoned);
        ctx.addEndHandler(ended -> {
            if (ended.failed()) {
                abandoned.tryComplete();
            }
        });
        // The router answers at the end of the wait by itself; this is for one that does not.
        long timer = ctx.vertx().setTimer(left.plusMillis(200).toMillis(), late -> abandoned.tryComplete());
        return router.await(account, id, left, abandoned.future())
                .map(SyncWaits::ended)
                .otherwise(Optional.empty())
                .onComplete(done -> {
                    open.remove(abandoned);
                    ctx.vertx().cancelTimer(timer);
                });
    }

    private static Optional<RouterAnswer.Found> ended(RouterAnswer answer) {
        return answer instanceof RouterAnswer.Found found && found.status().isTerminal()
                ? Optional.of(found)
                : Optional.empty();
    }

    /** Ends all waits and those that come later. Any thread. */
    void end() {
        ended = true;
        open.forEach(Promise::tryComplete);
    }
}
