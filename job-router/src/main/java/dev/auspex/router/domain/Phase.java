package dev.auspex.router.domain;

import dev.auspex.protocol.PredictionStatus;
import java.util.Locale;

/** Where a prediction stands as far as the transition table is concerned: the rows of the table. */
public enum Phase {
    /** Something was heard of it, but its job record has not been read yet: nothing is shown. */
    UNSEEN,
    /** Accepted, no attempt has begun. */
    QUEUED,
    /** An attempt runs. */
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELED,
    /** Its deadline passed before it started. */
    ABORTED;

    /** The phase behind a status that clients see. */
    public static Phase of(PredictionStatus status) {
        return switch (status) {
            case STARTING -> QUEUED;
            case PROCESSING -> RUNNING;
            case SUCCEEDED -> SUCCEEDED;
            case FAILED -> FAILED;
            case CANCELED -> CANCELED;
            case ABORTED -> ABORTED;
        };
    }

    /** Whether it can never be left. */
    public boolean isTerminal() {
        return switch (this) {
            case UNSEEN, QUEUED, RUNNING -> false;
            case SUCCEEDED, FAILED, CANCELED, ABORTED -> true;
        };
    }

    /** In words, for diagrams and logs. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
