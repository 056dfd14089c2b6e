package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.protocol.AccountId;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Keys.AccountToken;
import dev.auspex.runtime.config.Settings;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the account of a request's bearer token; {@code Bearer} and {@code Token} mean the same, as on Replicate. Tokens
 * are kept and looked up as SHA-256, so the time a look-up takes says nothing about them. Requests beyond a token's rate
 * end here. Safe for any thread.
 */
public final class Authentication implements Handler<RoutingContext> {

    private final Map<ByteBuffer, Holder> holders = new HashMap<>();

    private record Holder(AccountId account, RateLimits limits) {}

    /** Reads every token there is, and what each may do. */
    public Authentication(Settings settings) {
        for (AccountToken token : settings.get(Keys.TOKENS)) {
            holders.put(digest(token.token().value()), new Holder(token.account(), new RateLimits(settings)));
        }
    }

    @Override
    public void handle(RoutingContext ctx) {
        String token = token(ctx.request().getHeader(HttpHeaders.AUTHORIZATION));
        if (token == null) {
            ctx.fail(new ApiException(ApiError.UNAUTHENTICATED, "You did not pass an authentication token"));
            return;
        }
        Holder holder = holders.get(digest(token));
        if (holder == null) {
            ctx.fail(new ApiException(ApiError.UNAUTHENTICATED, "You did not pass a valid authentication token"));
            return;
        }
        if (holder.limits().admit(ctx)) {
            Caller.set(ctx, holder.account());
            ctx.next();
        }
    }

    private static @Nullable String token(@Nullable String header) {
        if (header == null) {
            return null;
        }
        int space = header.indexOf(' ');
        String scheme = space < 0 ? "" : header.substring(0, space);
        String token = header.substring(space + 1).strip();
        boolean known = scheme.equalsIgnoreCase("Bearer") || scheme.equalsIgnoreCase("Token");
        return known && !token.isEmpty() ? token : null;
    }

    private static ByteBuffer digest(String token) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
