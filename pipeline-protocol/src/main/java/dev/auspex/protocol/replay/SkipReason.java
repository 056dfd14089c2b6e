package dev.auspex.protocol.replay;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a prediction that the filter takes is not submitted again. */
public enum SkipReason {
    /** An earlier replay has submitted it. */
    ALREADY_REPLAYED,
    /** Its input is gone. */
    DATA_REMOVED,
    /** The catalogue has no such model any more. */
    MODEL_UNKNOWN,
    /** The model has no such version any more. */
    VERSION_UNKNOWN,
    /** This installation has no such hardware class, or the model does not run on it. */
    HARDWARE_UNKNOWN,
    /** The snapshot cannot be read. */
    UNREADABLE,
    /** The new job would not fit into a record. */
    OVERSIZE;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The lower-case name used in JSON. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** @throws IllegalArgumentException if no reason has this name */
    @JsonCreator
    public static SkipReason of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
