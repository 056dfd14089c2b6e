package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.Principal;
import dev.auspex.protocol.AccountId;
import io.vertx.ext.web.RoutingContext;

/** Who makes a request: set by the authentication handler before any route that needs a token. */
public final class Caller {

    private static final String KEY = "auspex.principal";

    private Caller() {}

    /** Remembers whose token the request has, and what for. */
    static void set(RoutingContext ctx, Principal principal) {
        ctx.put(KEY, principal);
    }

    /** The account of the request's token. @throws IllegalStateException on a route without authentication */
    public static AccountId account(RoutingContext ctx) {
        return principal(ctx).account();
    }

    /** Whose token it is and what for. @throws IllegalStateException on a route without authentication */
    static Principal principal(RoutingContext ctx) {
        Principal principal = ctx.get(KEY);
        if (principal == null) {
            throw new IllegalStateException("route without authentication");
        }
        return principal;
    }
}
