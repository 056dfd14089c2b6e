package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a prediction stands, by the names Replicate's API uses. */
public enum PredictionStatus {
    /** Accepted and queued, or its worker is being prepared. */
    STARTING,
    /** The model is running. */
    PROCESSING,
    /** Ended with an output. */
    SUCCEEDED,
    /** Ended with an error. */
    FAILED,
    /** Ended because somebody asked for it. */
    CANCELED,
    /** Its deadline passed before it started; shown as {@code canceled} unless the caller asks for it. */
    ABORTED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The lower-case name used in JSON. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The name that clients see: {@code aborted} would make official clients poll for ever. */
    public String publicName() {
        return this == ABORTED ? CANCELED.wireName : wireName;
    }

    /** Whether no later status can follow. */
    public boolean isTerminal() {
        return switch (this) {
            case STARTING, PROCESSING -> false;
            case SUCCEEDED, FAILED, CANCELED, ABORTED -> true;
        };
    }

    /** @throws IllegalArgumentException if no status has this name */
    @JsonCreator
    public static PredictionStatus of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
