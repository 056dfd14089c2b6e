package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Names one executor process for as long as it lives. Immutable; safe for any thread.
 *
 * @param value 1 to 100 characters of letters, digits, '.', '_' and '-'
 */
public record ExecutorId(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?");

    /** @throws IllegalArgumentException if the text does not have the form; {@link #isValid} asks without throwing */
    @JsonCreator
    public ExecutorId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("expected 1 to 100 characters of letters, digits, '.', '_' and '-'");
        }
    }

    /** Whether the text has the form. Never throws. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
