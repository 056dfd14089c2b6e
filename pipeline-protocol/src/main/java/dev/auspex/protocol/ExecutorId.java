package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names one executor process for as long as it lives. Immutable; safe for any thread.
 *
 * @param value 1 to 100 characters of letters, digits, '.', '_' and '-'
 */
public record ExecutorId(@JsonValue String value) {

    private static final IdForm FORM = new IdForm(1, 100, IdForm.LETTERS_AND_DIGITS, "._-");

    /** @throws IllegalArgumentException if the text does not have the form; {@link #isValid} asks without throwing */
    @JsonCreator
    public ExecutorId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("expected 1 to 100 characters of letters, digits, '.', '_' and '-'");
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
