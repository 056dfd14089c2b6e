package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A hardware class (Replicate calls it SKU), such as {@code cpu} or {@code gpu-h100}: each one has its own jobs topic. Immutable; safe for any thread.
 *
 * @param value 1 to 48 characters of a-z, 0-9 and '-', beginning and ending with a letter or digit
 */
public record HardwareClass(@JsonValue String value) {

    private static final IdForm FORM = new IdForm(1, 48, IdForm.LOWER_CASE_AND_DIGITS, "-");

    /** @throws IllegalArgumentException if the text does not have the form; {@link #isValid} asks without throwing */
    @JsonCreator
    public HardwareClass {
        if (!isValid(value)) {
            throw new IllegalArgumentException("expected 1 to 48 characters of a-z, 0-9 and '-', beginning and ending with a letter or digit");
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
