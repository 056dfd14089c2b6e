package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.AccessRecord.Account;
import dev.auspex.runtime.config.Keys;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses creates of accounts whose predictions wait in too great a number. The routers are asked for the numbers every half
 * second, and only while some account has a limit: what comes in between may be too many, and nobody is refused for what has
 * started already. While no router answers, nobody is refused. Safe for any thread.
 */
final class QueueLimits implements Handler<RoutingContext>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueLimits.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final GatewayParts parts;
    private final Vertx vertx;
    private final int everybody;
    private final long timer;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Map<String, Long> queued = Map.of();

    /** Begins to look. */
    QueueLimits(GatewayParts parts) {
        this.parts = parts;
        this.vertx = parts.context().vertx();
        this.everybody = parts.context().settings().get(Keys.LIMITS_QUEUED);
        this.timer = vertx.setPeriodic(INTERVAL.toMillis(), now -> look());
    }

    /** Refuses the request, or lets the next handler have it. */
    @Override
    public void handle(RoutingContext ctx) {
        AccountId account = Caller.account(ctx);
        long waiting = queued.getOrDefault(account.value(), 0L);
        int limit = limit(account);
        if (limit > 0 && waiting >= limit) {
            throw new ApiException(ApiError.THROTTLED, waiting + " predictions of this account wait for their start, "
                    + limit + " may. Try again when some have started.");
        }
        ctx.next();
    }

    private int limit(AccountId account) {
        return parts.access().find(account).map(known -> known.limits().queued()).orElse(everybody);
    }

    private void look() {
        boolean wanted = everybody > 0 || parts.access().accounts().stream().anyMatch(QueueLimits::isLimited);
        if (!wanted) {
            queued = Map.of();
        } else if (asking.compareAndSet(false, true)) {
            parts.router().queued().onComplete(answer -> {
                if (answer.failed()) {
                    LOG.atDebug().addKeyValue("cause", answer.cause().toString()).log("queues not counted");
                }
                queued = answer.succeeded() ? answer.result() : Map.of();
                asking.set(false);
            });
        }
    }

    private static boolean isLimited(Account account) {
        Integer limit = account.limits().queued();
        return limit != null && limit > 0;
    }

    /** Stops looking. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
