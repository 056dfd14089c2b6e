package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How an {@link Attempt} stands. */
public enum AttemptOutcome {
    /** It has begun and not ended. */
    RUNNING,
    SUCCEEDED,
    FAILED,
    /** Its executor fell silent, died or lost the job to another one. */
    LOST,
    /** Its executor stopped in good order and gave the job back; does not count as a try. */
    RETURNED,
    CANCELED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The lower-case name used in JSON. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** @throws IllegalArgumentException if no outcome has this name */
    @JsonCreator
    public static AttemptOutcome of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
