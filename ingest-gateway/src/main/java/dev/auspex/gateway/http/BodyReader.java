package dev.auspex.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request body of bounded size in bounded time, whatever content type the client wrote on it. Event loop only.
 */
final class BodyReader {

    private static final long TIME_LIMIT_MILLIS = 30_000;
    private static final byte[] NOTHING = {};

    private final RoutingContext ctx;
    private final long limit;
    private final Consumer<byte[]> next;
    private final long timer;
    private @Nullable Buffer first;
    private @Nullable Buffer all;
    private long size;
    private boolean failed;

    private BodyReader(RoutingContext ctx, long limit, Consumer<byte[]> next) {
        this.ctx = ctx;
        this.limit = limit;
        this.next = next;
        this.timer = ctx.vertx().setTimer(TIME_LIMIT_MILLIS, elapsed -> tooSlow());
    }

    /**
     * Hands the body on; what that throws, and every problem of the body, becomes a failure of the request.
     *
     * @param limit in bytes
     */
    static void read(RoutingContext ctx, long limit, Consumer<byte[]> next) {
        HttpServerRequest request = ctx.request();
        if (declaredLength(request) > limit) {
            ctx.fail(tooLarge(limit));
            return;
        }
        BodyReader body = new BodyReader(ctx, limit, next);
        request.exceptionHandler(gone -> body.stop()).handler(body::chunk).endHandler(end -> body.end());
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            ctx.response().writeContinue();
        }
    }

    private static long declaredLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private void chunk(Buffer chunk) {
        if (failed) {
            return; // the answer is out, the rest of the body is read and dropped
        }
        size += chunk.length();
        if (size > limit) {
            stop();
            ctx.fail(tooLarge(limit));
        } else if (first == null) {
            first = chunk;
        } else {
            if (all == null) {
                all = Buffer.buffer(first.length() + chunk.length()).appendBuffer(first);
            }
            all.appendBuffer(chunk);
        }
    }

    private void end() {
        if (failed) {
            return;
        }
        ctx.vertx().cancelTimer(timer);
        try {
            Buffer body = all == null ? first : all;
            next.accept(body == null ? NOTHING : body.getBytes());
        } catch (RuntimeException e) {
            ctx.fail(e);
        }
    }

    /**
     * A body as JSON. An empty one is an empty object: official clients write {@code application/json} on requests without
     * a body.
     *
     * @throws ApiException 400 if it is not exactly one JSON value
     */
    static JsonNode json(byte[] body) {
        if (body.length == 0) {
            return Json.object();
        }
        try {
            JsonNode json = Json.parse(body);
            return json.isMissingNode() ? Json.object() : json;
        } catch (IOException e) {
            throw new ApiException(ApiError.MALFORMED_JSON, "The request body is not valid JSON.");
        }
    }

    private void tooSlow() {
        stop();
        ctx.fail(new ApiException(
                ApiError.MALFORMED_JSON, "The request body did not arrive within " + TIME_LIMIT_MILLIS / 1000 + " seconds."));
    }

    private void stop() {
        failed = true;
        first = null;
        all = null;
        ctx.vertx().cancelTimer(timer);
    }

    private static ApiException tooLarge(long limit) {
        return new ApiException(ApiError.BODY_TOO_LARGE, "The request body must be at most " + limit
                + " bytes. Upload large files to /v1/files and pass their URL.");
    }
}
