package dev.auspex.gateway.domain;

import java.util.List;

/**
 * A refusal on its way to the client: hand it to {@code ctx.fail(…)} or throw it from a handler. Carries no stack trace
 * because it is an answer, not a fault.
 */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ApiError error;
    private final transient List<InvalidField> invalidFields;

    /** @param detail what was expected and what came, for the client's eyes */
    public ApiException(ApiError error, String detail) {
        this(error, detail, List.of());
    }

    /** @param invalidFields each offending field */
    public ApiException(ApiError error, String detail, List<InvalidField> invalidFields) {
        super(detail, null, false, false);
        this.error = error;
        this.invalidFields = List.copyOf(invalidFields);
    }

    /** Replicate's "resource not found". */
    public static ApiException notFound() {
        return new ApiException(ApiError.NOT_FOUND, "The requested resource could not be found.");
    }

    /** A 422 that names one field. @param field a dotted path, such as {@code input.prompt} */
    public static ApiException invalid(String field, String type, String description) {
        return new ApiException(
                ApiError.INVALID_REQUEST,
                "- " + (field.isEmpty() ? "" : field + ": ") + description + "\n",
                List.of(new InvalidField(type, field, description)));
    }

    /** Which refusal. */
    public ApiError error() {
        return error;
    }

    /** The offending fields; empty where none can be named. */
    public List<InvalidField> invalidFields() {
        return invalidFields;
    }

    /** One entry of {@code invalid_fields}. */
    public record InvalidField(String type, String field, String description) {}
}
