package dev.auspex.gateway.domain;

import org.jspecify.annotations.Nullable;

/** Every refusal the API knows: a stable code (problem type), the HTTP status and whether trying again can help. */
public enum ApiError {
    UNAUTHENTICATED(401, "Unauthenticated", false),
    FORBIDDEN(403, "Permission denied", false),
    NOT_FOUND(404, null, false),
    METHOD_NOT_ALLOWED(405, "Method not allowed", false),
    BAD_REQUEST(400, "Bad request", false),
    MALFORMED_JSON(400, "Malformed JSON", false),
    INVALID_REQUEST(422, "Input validation failed", false),
    INVALID_VERSION(422, "Invalid version or not permitted", false),
    BODY_TOO_LARGE(413, "Request body too large", false),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type", false),
    THROTTLED(429, "Too many requests", true),
    INTERNAL(500, "Internal error", true),
    UNAVAILABLE(503, "Temporarily unavailable", true),
    STORAGE_FULL(507, "Insufficient storage", true);

    private final int status;
    private final @Nullable String title;
    private final boolean retryable;

    ApiError(int status, @Nullable String title, boolean retryable) {
        this.status = status;
        this.title = title;
        this.retryable = retryable;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The {@code title} of the problem; {@code null} where Replicate sends none. */
    public @Nullable String title() {
        return title;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** The stable code shown as {@code type}, such as {@code not-found}. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
