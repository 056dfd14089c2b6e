package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Priority;
import dev.auspex.protocol.access.AccessRecord.Account;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of creates of accounts whose predictions wait in great number: where there are several accounts, what goes
 * beyond an account's share is held back as if it were of low priority; what goes beyond its limit is refused. The routers are
 * asked for the numbers every half second, and only while they are of use: what comes in between may be too many, and nobody
 * is refused for what has started already. While no router answers, nobody is refused, and shares are counted from its last
 * answer on. Safe for any thread.
 */
final class QueueLimits implements Handler<RoutingContext>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueLimits.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final GatewayParts parts;
    private final Vertx vertx;
    private final int everybody;
    private final int share;
    private final Set<AccountId> configured;
    private final long timer;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile boolean shared;
    /** As the routers last said. */
    private volatile Map<String, Long> queued = Map.of();
    private volatile boolean answered;
    /** Creates that these numbers may not contain, and those since the question that is under way. */
    private volatile Map<AccountId, Long> uncounted = new ConcurrentHashMap<>();

    private volatile Map<AccountId, Long> sinceAsked = new ConcurrentHashMap<>();

    /** Begins to look. */
    QueueLimits(GatewayParts parts) {
        Settings settings = parts.context().settings();
        this.parts = parts;
        this.vertx = parts.context().vertx();
        this.everybody = settings.get(Keys.LIMITS_QUEUED);
        this.share = settings.get(Keys.LIMITS_SHARE);
        this.configured = Authentication.configuredAccounts(settings);
        this.timer = vertx.setPeriodic(INTERVAL.toMillis(), now -> look());
    }

    /** Refuses the request, or lets the next handler have it. */
    @Override
    public void handle(RoutingContext ctx) {
        AccountId account = Caller.account(ctx);
        long waiting = queued.getOrDefault(account.value(), 0L);
        int limit = limit(account);
        if (answered && limit > 0 && waiting >= limit) {
            throw new ApiException(ApiError.THROTTLED, waiting + " predictions of this account wait for their start, "
                    + limit + " may. Try again when some have started.");
        }
        ctx.next();
    }

    /** The priority of one more prediction of the account, which is counted by this call. */
    Priority next(AccountId account) {
        if (!shared) {
            return Priority.NORMAL;
        }
        sinceAsked.merge(account, 1L, Long::sum);
        Map<String, Long> counts = queued;
        long waiting = counts.getOrDefault(account.value(), 0L) - counts.getOrDefault(account + "/low", 0L);
        return waiting + uncounted.merge(account, 1L, Long::sum) > share ? Priority.OVER_SHARE : Priority.NORMAL;
    }

    private int limit(AccountId account) {
        return parts.access().find(account).map(known -> known.limits().queued()).orElse(everybody);
    }

    private void look() {
        shared = share > 0 && isShared();
        boolean wanted = shared
                || everybody > 0
                || parts.access().accounts().stream().anyMatch(QueueLimits::isLimited);
        if (!wanted) {
            answered = false;
        } else if (asking.compareAndSet(false, true)) {
            sinceAsked = new ConcurrentHashMap<>();
            parts.router().queued().onComplete(answer -> {
                answered = answer.succeeded();
                if (answer.failed()) {
                    LOG.atDebug().addKeyValue("cause", answer.cause().toString()).log("queues not counted");
                } else {
                    queued = answer.result();
                    uncounted = sinceAsked;
                    sinceAsked = new ConcurrentHashMap<>(); // nothing is counted in one map twice
                }
                asking.set(false);
            });
        }
    }

    private boolean isShared() {
        Set<AccountId> all = new HashSet<>(configured);
        parts.access().accounts().forEach(account -> all.add(account.id()));
        return all.size() > 1;
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
