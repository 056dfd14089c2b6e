package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.Principal;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.Scope;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Stands in for the gateway's authentication and problem rendering where a test mounts single routes. */
public final class HeaderCaller {

    private HeaderCaller() {}

    /** Takes the account from the header {@code x-account}. */
    public static void authenticate(RoutingContext ctx) {
        String account = ctx.request().getHeader("x-account");
        if (account == null) {
            ctx.fail(new ApiException(ApiError.UNAUTHENTICATED, "no account"));
        } else {
            Caller.set(ctx, new Principal(new AccountId(account), Scope.work()));
            ctx.next();
        }
    }

    /** Renders a refusal; anything else is a 500. */
    public static void problem(RoutingContext ctx) {
        boolean refused = ctx.failure() instanceof ApiException;
        int status = ctx.failure() instanceof ApiException e ? e.error().status() : 500;
        ctx.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/problem+json")
                .end(new JsonObject()
                        .put("status", status)
                        .put("detail", refused ? ctx.failure().getMessage() : String.valueOf(ctx.failure()))
                        .encode());
    }
}
