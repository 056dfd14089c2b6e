package dev.auspex.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.ApiException.InvalidField;
import dev.auspex.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An {@code application/problem+json} answer (RFC 9457) with Replicate's members.
 *
 * @param status of HTTP
 * @param title a short name; {@code null} where Replicate sends none
 * @param detail for the client's eyes
 * @param type a stable code
 * @param retryAfter in how many seconds the same request is worth sending again; 0 for never
 * @param invalidFields each offending field
 */
record Problem(
        int status,
        @Nullable String title,
        String detail,
        String type,
        long retryAfter,
        List<InvalidField> invalidFields) {

    private static final int SOON = 1;

    /** A refusal. */
    static Problem of(ApiException refusal) {
        ApiError error = refusal.error();
        return new Problem(
                error.status(),
                error.title(),
                String.valueOf(refusal.getMessage()),
                error.code(),
                error == ApiError.UNAVAILABLE || error == ApiError.THROTTLED ? SOON : 0,
                refusal.invalidFields());
    }

    /** A refusal for too many requests; people look for the words "resets in". */
    static Problem throttled(long retryAfter) {
        return new Problem(
                ApiError.THROTTLED.status(),
                ApiError.THROTTLED.title(),
                "Request was throttled. Your rate limit resets in ~" + retryAfter + "s.",
                ApiError.THROTTLED.code(),
                retryAfter,
                List.of());
    }

    /** What HTTP itself refuses. @param status 4xx */
    static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> of(ApiException.notFound());
            case 405 -> of(new ApiException(ApiError.METHOD_NOT_ALLOWED, "This address does not know the method."));
            case 413 -> of(new ApiException(ApiError.BODY_TOO_LARGE, "The request body is too large."));
            case 414, 431 -> invalidHttp(status, "The request's address or headers are too long.");
            case 415 -> of(new ApiException(ApiError.UNSUPPORTED_MEDIA_TYPE, "The content type is not supported."));
            default -> invalidHttp(status, "The request is not valid HTTP for this address.");
        };
    }

    private static Problem invalidHttp(int status, String detail) {
        return new Problem(status, null, detail, "invalid-http", 0, List.of());
    }

    /** Sends it as the whole answer. */
    void write(HttpServerResponse response) {
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json");
        if (status == 401) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (retryAfter > 0) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(retryAfter));
        }
        response.end(Buffer.buffer(Json.bytes(json())));
    }

    private ObjectNode json() {
        ObjectNode json = Json.object();
        if (title != null) {
            json.put("title", title);
        }
        json.put("detail", detail);
        json.put("status", status);
        json.put("type", type);
        if (retryAfter > 0) {
            json.put("retry_after", retryAfter);
        }
        if (!invalidFields.isEmpty()) {
            ArrayNode fields = json.putArray("invalid_fields");
            invalidFields.forEach(field -> fields.addObject()
                    .put("type", field.type())
                    .put("field", field.field())
                    .put("description", field.description()));
        }
        return json;
    }
}
