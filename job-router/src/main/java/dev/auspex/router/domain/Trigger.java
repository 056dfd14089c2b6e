package dev.auspex.router.domain;

import dev.auspex.protocol.event.AttemptEvent;
import java.util.Locale;

/** The kinds of {@link PredictionInput}: the columns of the transition table. */
public enum Trigger {
    JOB_ACCEPTED,
    STARTED,
    OUTPUT_APPENDED,
    LOGS_APPENDED,
    PROGRESSED,
    SUCCEEDED,
    FAILED,
    CANCELED,
    CANCEL_REQUESTED;

    /** The kind of an input. */
    public static Trigger of(PredictionInput input) {
        return switch (input) {
            case PredictionInput.JobAccepted ignored -> JOB_ACCEPTED;
            case PredictionInput.CancelRequested ignored -> CANCEL_REQUESTED;
            case PredictionInput.AttemptReported reported -> of(reported.event().body());
        };
    }

    private static Trigger of(AttemptEvent.Body body) {
        return switch (body) {
            case AttemptEvent.Started ignored -> STARTED;
            case AttemptEvent.OutputAppended ignored -> OUTPUT_APPENDED;
            case AttemptEvent.LogsAppended ignored -> LOGS_APPENDED;
            case AttemptEvent.Progressed ignored -> PROGRESSED;
            case AttemptEvent.Renewed ignored -> PROGRESSED;
            case AttemptEvent.Redelivered ignored -> PROGRESSED;
            case AttemptEvent.Returned ignored -> PROGRESSED;
            case AttemptEvent.Succeeded ignored -> SUCCEEDED;
            case AttemptEvent.Failed ignored -> FAILED;
            case AttemptEvent.Canceled ignored -> CANCELED;
        };
    }

    /** Whether it shows only how an attempt is getting on; the terminal event repeats all of it. */
    public boolean isProgress() {
        return this == OUTPUT_APPENDED || this == LOGS_APPENDED || this == PROGRESSED;
    }

    /** Whether an attempt ends with it. */
    public boolean isTerminal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELED;
    }

    /** In words, for diagrams and logs. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
