package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names one immutable version of a model. Immutable; safe for any thread.
 *
 * @param value 64 lower-case hexadecimal digits
 */
public record VersionId(@JsonValue String value) {

    private static final IdForm FORM = new IdForm(64, 64, "0123456789abcdef", "");

    /** @throws IllegalArgumentException if the text does not have the form; {@link #isValid} asks without throwing */
    @JsonCreator
    public VersionId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("expected 64 lower-case hexadecimal digits");
        }
    }

    /** Whether the text has the form. Never throws. */
    public static boolean isValid(String text) {
        return FORM.fits(text);
    }

    @Override
    public String toString() {
        return value;
    }
}
