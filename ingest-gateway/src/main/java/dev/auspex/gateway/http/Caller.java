package dev.auspex.gateway.http;

import dev.auspex.protocol.AccountId;
import io.vertx.ext.web.RoutingContext;

/** Who makes a request: set by the authentication handler before any route that needs a token. */
public final class Caller {

    private static final String KEY = "auspex.account";

    private Caller() {}

    /** Remembers the account of the request's token. */
    static void set(RoutingContext ctx, AccountId account) {
        ctx.put(KEY, account);
    }

    /** The account of the request's token. @throws IllegalStateException on a route without authentication */
    public static AccountId account(RoutingContext ctx) {
        AccountId account = ctx.get(KEY);
        if (account == null) {
            throw new IllegalStateException("route without authentication");
        }
        return account;
    }
}
