package dev.auspex.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.protocol.json.Json;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every failure into an {@code application/problem+json} answer (RFC 9457). What a client did wrong is logged at
 * DEBUG; what went wrong here is logged at ERROR and told to the client without the exception's text.
 */
final class FailureHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);
    private static final int RETRY_AFTER_SECONDS = 1;

    /** Makes a router answer all its failures with problems. */
    static void mount(Router router) {
        FailureHandler failures = new FailureHandler();
        router.route().failureHandler(failures);
        for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
            router.errorHandler(status, failures);
        }
    }

    @Override
    public void handle(RoutingContext ctx) {
        ApiException problem = problem(ctx);
        HttpServerResponse response = ctx.response();
        if (response.headWritten() || response.closed()) {
            response.reset();
            return;
        }
        // A handler may have begun an answer of another kind.
        response.headers().remove(HttpHeaders.CACHE_CONTROL).remove(HttpHeaders.CONTENT_LENGTH);
        write(response, problem);
    }

    private static ApiException problem(RoutingContext ctx) {
        Throwable failure = ctx.failure();
        if (failure instanceof ApiException expected) {
            if (LOG.isDebugEnabled()) {
                LOG.atDebug()
                        .addKeyValue("code", expected.error().code())
                        .addKeyValue("route", RequestMetrics.route(ctx))
                        .log("refused");
            }
            return expected;
        }
        int status = ctx.statusCode();
        if (status >= 400 && status < 500) {
            return ofStatus(status);
        }
        LOG.atError().addKeyValue("route", RequestMetrics.route(ctx)).setCause(failure).log("request failed");
        return new ApiException(ApiError.INTERNAL, "Something went wrong on our side.");
    }

    private static ApiException ofStatus(int status) {
        return switch (status) {
            case 404 -> ApiException.notFound();
            case 405 -> new ApiException(ApiError.METHOD_NOT_ALLOWED, "This address does not know the method.");
            case 413 -> new ApiException(ApiError.BODY_TOO_LARGE, "The request body is too large.");
            case 415 -> new ApiException(ApiError.UNSUPPORTED_MEDIA_TYPE, "The content type is not supported.");
            default -> new ApiException(ApiError.INVALID_REQUEST, "The request is not valid HTTP for this address.");
        };
    }

    /** Writes a problem as the whole answer. */
    static void write(HttpServerResponse response, ApiException problem) {
        ApiError error = problem.error();
        response.setStatusCode(error.status()).putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json");
        if (error == ApiError.UNAUTHENTICATED) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (isBriefly(error)) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_AFTER_SECONDS));
        }
        response.end(Buffer.buffer(Json.bytes(json(problem))));
    }

    private static ObjectNode json(ApiException problem) {
        ApiError error = problem.error();
        ObjectNode json = Json.object();
        String title = error.title();
        if (title != null) {
            json.put("title", title);
        }
        json.put("detail", problem.getMessage());
        json.put("status", error.status());
        json.put("type", error.code());
        if (isBriefly(error)) {
            json.put("retry_after", RETRY_AFTER_SECONDS);
        }
        if (!problem.invalidFields().isEmpty()) {
            ArrayNode fields = json.putArray("invalid_fields");
            problem.invalidFields().forEach(field -> fields.addObject()
                    .put("type", field.type())
                    .put("field", field.field())
                    .put("description", field.description()));
        }
        return json;
    }

    /** Whether the same request is worth sending again soon. */
    private static boolean isBriefly(ApiError error) {
        return error == ApiError.UNAVAILABLE || error == ApiError.THROTTLED;
    }

    /** Answers what cannot even be read as HTTP, and closes the connection. */
    static void invalidRequest(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        LOG.atDebug().addKeyValue("cause", cause == null ? "" : cause.getClass().getSimpleName()).log("not HTTP");
        int status = switch (causeName(cause)) {
            case "TooLongHttpLineException" -> 414;
            case "TooLongHttpHeaderException" -> 431;
            default -> 400;
        };
        ObjectNode json = Json.object();
        json.put("detail", status == 400
                ? "The request is not valid HTTP."
                : "The request's address or headers are too long.");
        json.put("status", status);
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(Buffer.buffer(Json.bytes(json)));
        request.connection().close();
    }

    private static String causeName(@Nullable Throwable cause) {
        return cause == null ? "" : cause.getClass().getSimpleName();
    }
}
