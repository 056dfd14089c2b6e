package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names the account (user or organization) that owns predictions, files and tokens. Immutable; safe for any thread.
 *
 * @param value 1 to 64 characters of a-z, 0-9, '-' and '_', beginning and ending with a letter or digit
 */
public record AccountId(@JsonValue String value) {

    private static final IdForm FORM = new IdForm(1, 64, IdForm.LOWER_CASE_AND_DIGITS, "_-");

    /** @throws IllegalArgumentException if the text does not have the form; {@link #isValid} asks without throwing */
    @JsonCreator
    public AccountId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("expected 1 to 64 characters of a-z, 0-9, '-' and '_', beginning and ending with a letter or digit");
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
