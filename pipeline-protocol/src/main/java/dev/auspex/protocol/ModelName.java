package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;

/**
 * A model's full name, {@code owner/name}. Immutable; safe for any thread.
 *
 * @param owner the account or namespace the model belongs to
 * @param name the model's name within it
 */
public record ModelName(String owner, String name) implements Comparable<ModelName> {

    private static final IdForm PART = new IdForm(1, 100, IdForm.LETTERS_AND_DIGITS, "._-");

    /** @throws IllegalArgumentException if either part is not 1 to 100 letters, digits, '.', '_' and '-' */
    public ModelName {
        if (!PART.fits(owner) || !PART.fits(name)) {
            throw new IllegalArgumentException("expected a model name of the form owner/name");
        }
    }

    /** Reads {@code owner/name}; empty if the text has another form. */
    public static Optional<ModelName> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        String owner = text.substring(0, slash);
        String name = text.substring(slash + 1);
        return PART.fits(owner) && PART.fits(name)
                ? Optional.of(new ModelName(owner, name))
                : Optional.empty();
    }

    /** @throws IllegalArgumentException if the text is not {@code owner/name} */
    @JsonCreator
    public static ModelName of(String text) {
        return parse(text).orElseThrow(
                () -> new IllegalArgumentException("expected a model name of the form owner/name"));
    }

    @Override
    public int compareTo(ModelName other) {
        return toString().compareTo(other.toString());
    }

    @JsonValue
    @Override
    public String toString() {
        return owner + "/" + name;
    }
}
