package dev.auspex.dispatcher.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** How answers look on the wire; gateways pass them on to clients as they are. Event loop only. */
final class Answer {

    private Answer() {}

    static void json(RoutingContext ctx, int status, Object value) {
        send(ctx.response().setStatusCode(status).putHeader("content-type", "application/json"), Json.bytes(value));
    }

    /** Nothing to say. */
    static void empty(RoutingContext ctx) {
        ctx.response().setStatusCode(204).end();
    }

    /** A problem of RFC 9457 with the members of the public API. */
    static void problem(RoutingContext ctx, int status, String type, String detail) {
        ObjectNode json = Json.object();
        json.put("detail", detail).put("status", status).put("type", type);
        HttpServerResponse response =
                ctx.response().setStatusCode(status).putHeader("content-type", "application/problem+json");
        if (status == 503) {
            response.putHeader("retry-after", "1");
        }
        send(response, Json.bytes(json));
    }

    static void notFound(RoutingContext ctx) {
        problem(ctx, 404, "not-found", "The requested resource could not be found.");
    }

    /** What a handler threw. */
    static void failed(RoutingContext ctx, Throwable failure) {
        if (failure instanceof BadRequestException refused) {
            problem(ctx, 422, "invalid-request", String.valueOf(refused.getMessage()));
        } else {
            problem(ctx, 503, "unavailable", "The webhook service cannot tell right now. Try again.");
        }
    }

    private static void send(HttpServerResponse response, byte[] body) {
        if (!response.closed() && !response.ended()) {
            response.end(Buffer.buffer(body));
        }
    }
}
