package dev.auspex.gateway.domain;

import dev.auspex.gateway.domain.ApiException.InvalidField;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with a request, so that the client learns all of it at once. The types are those of gojsonschema,
 * which Replicate's own answers show. For one thread.
 */
public final class FieldProblems {

    /** A field that has to be there is not. */
    public static final String REQUIRED = "required";
    /** Another JSON type was expected. */
    public static final String INVALID_TYPE = "invalid_type";
    /** A field nobody knows. */
    public static final String ADDITIONAL_PROPERTY = "additional_property_not_allowed";
    /** Not one of a closed set. */
    public static final String ENUM = "enum";
    /** The right type, but not of the form that was asked for. */
    public static final String FORMAT = "format";

    /** Clients send large arrays; nobody reads more messages than this. */
    private static final int MAX_SHOWN = 25;

    private final List<InvalidField> fields = new ArrayList<>(0);

    /** Adds one. @param field a dotted path; empty for the request itself */
    public void add(String field, String type, String description) {
        if (fields.size() < MAX_SHOWN) {
            fields.add(new InvalidField(type, field, description));
        }
    }

    /** Whether nothing is wrong. */
    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /**
     * Refuses the request if something is wrong with it.
     *
     * @throws ApiException a 422 naming every field
     */
    public void throwIfAny() {
        throwIfAny(ApiError.INVALID_REQUEST);
    }

    /** Refuses the request in this way if something is wrong with it. @throws ApiException naming every field */
    public void throwIfAny(ApiError refusal) {
        if (!fields.isEmpty()) {
            throw new ApiException(refusal, lines(), fields);
        }
    }

    private String lines() {
        StringBuilder lines = new StringBuilder();
        for (InvalidField field : fields) {
            lines.append("- ");
            if (!field.field().isEmpty()) {
                lines.append(field.field()).append(": ");
            }
            lines.append(field.description()).append('\n');
        }
        return lines.toString();
    }
}
