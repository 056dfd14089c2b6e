package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.TokenBucket;
import dev.auspex.gateway.domain.TokenBucket.Verdict;
import dev.auspex.protocol.access.AccountLimits;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * The requests that one token may make of this gateway: creates, reads of single predictions, and all others, each with
 * its own bucket as on Replicate. Safe for any thread.
 */
final class RateLimits {

    private final AccountLimits own;
    private final @Nullable TokenBucket creates;
    private final @Nullable TokenBucket reads;
    private final @Nullable TokenBucket others;

    /** The limits of one more token. @param own where they are not everybody's */
    RateLimits(Settings settings, AccountLimits own) {
        this.own = own;
        this.creates = bucket(settings.get(Keys.LIMITS_CREATES), own.creates());
        this.reads = bucket(settings.get(Keys.LIMITS_READS), own.reads());
        this.others = bucket(settings.get(Keys.LIMITS_OTHERS), own.others());
    }

    /** Whether they were made of these; otherwise the account's limits have been changed. */
    boolean areFor(AccountLimits limits) {
        return own.equals(limits);
    }

    private static @Nullable TokenBucket bucket(int everybody, @Nullable Integer own) {
        int perMinute = own == null ? everybody : own;
        return perMinute == 0 ? null : new TokenBucket(perMinute, System.nanoTime());
    }

    /** Whether the request may go on; if not, it has been refused. Before any work: some clients do not wait to retry. */
    boolean admit(RoutingContext ctx) {
        TokenBucket bucket = bucket(ctx.request());
        if (bucket == null) {
            return true;
        }
        Verdict verdict = bucket.take(System.nanoTime());
        HttpServerResponse response = ctx.response();
        response.putHeader("ratelimit-limit", Integer.toString(verdict.limit()));
        response.putHeader("ratelimit-remaining", Long.toString(verdict.remaining()));
        response.putHeader("ratelimit-reset", Long.toString(verdict.resetSeconds()));
        if (!verdict.allowed()) {
            Problem.throttled(verdict.retrySeconds()).write(response);
        }
        return verdict.allowed();
    }

    private @Nullable TokenBucket bucket(HttpServerRequest request) {
        String path = request.path();
        if (request.method().equals(HttpMethod.POST) && path.endsWith("/predictions")) {
            return creates;
        }
        return request.method().equals(HttpMethod.GET) && path.startsWith("/v1/predictions/") ? reads : others;
    }
}
