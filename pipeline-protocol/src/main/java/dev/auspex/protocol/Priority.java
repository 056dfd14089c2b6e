package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/** Whose turn it is when jobs wait for the same executors (ADR 30). */
public enum Priority {
    /** First come, first served. */
    NORMAL,
    /** Held back because so many others of its account wait. Clients see {@code low}. */
    OVER_SHARE,
    /** Held back because its submitter asked for it. */
    LOW;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The lower-case name used in JSON. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The name that clients see. */
    public String publicName() {
        return isHeld() ? LOW.wireName : wireName;
    }

    /** Whether the router holds such jobs back until executors have next to nothing else to do. */
    public boolean isHeld() {
        return this != NORMAL;
    }

    /** What a client asks for; empty if it cannot. */
    public static Optional<Priority> parse(String name) {
        return switch (name) {
            case "normal" -> Optional.of(NORMAL);
            case "low" -> Optional.of(LOW);
            default -> Optional.empty();
        };
    }

    /** @throws IllegalArgumentException if no priority has this name */
    @JsonCreator
    public static Priority of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
