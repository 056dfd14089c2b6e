package dev.auspex.gateway.http;

import dev.auspex.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** How JSON answers are written. A client that has gone away is ignored. */
final class Replies {

    static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private Replies() {}

    /** Any tree or record. */
    static void json(RoutingContext ctx, Object value) {
        send(ctx, 200, Buffer.buffer(Json.bytes(value)));
    }

    /** State that changes: some frameworks cache every GET that does not forbid it. */
    static void fresh(RoutingContext ctx, int status, Buffer body) {
        ctx.response().putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        send(ctx, status, body);
    }

    private static void send(RoutingContext ctx, int status, Buffer body) {
        HttpServerResponse response = ctx.response();
        if (!response.closed() && !response.ended()) {
            response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(body);
        }
    }
}
