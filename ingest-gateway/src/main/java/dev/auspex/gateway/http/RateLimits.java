package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.TokenBucket;
import dev.auspex.gateway.domain.TokenBucket.Verdict;
import dev.auspex.runtime.config.ConfigKey;
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

    private final @Nullable TokenBucket creates;
    private final @Nullable TokenBucket reads;
    private final @Nullable TokenBucket others;

    /** The limits of one more token. */
    RateLimits(Settings settings) {
        this.creates = bucket(settings, Keys.LIMITS_CREATES);
        this.reads = bucket(settings, Keys.LIMITS_READS);
        this.others = bucket(settings, Keys.LIMITS_OTHERS);
    }

    private static @Nullable TokenBucket bucket(Settings settings, ConfigKey<Integer> key) {
        int perMinute = settings.get(key);
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
