package dev.auspex.protocol.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/** Who can see a model. */
public enum Visibility {
    /** Every account. */
    PUBLIC,
    /** Only the account it belongs to. */
    PRIVATE;

    /** The lower-case name used in JSON. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The visibility of that name; empty if there is none. */
    public static Optional<Visibility> parse(String wireName) {
        for (Visibility visibility : values()) {
            if (visibility.wireName().equals(wireName)) {
                return Optional.of(visibility);
            }
        }
        return Optional.empty();
    }

    /** @throws IllegalArgumentException if none has this name */
    @JsonCreator
    public static Visibility of(String wireName) {
        return parse(wireName).orElseThrow(() -> new IllegalArgumentException("expected public or private"));
    }
}
