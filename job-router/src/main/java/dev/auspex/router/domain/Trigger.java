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
    RENEWED,
    SUCCEEDED,
    FAILED,
    CANCELED,
    REDELIVERED,
    RETURNED,
    ATTEMPT_SILENT,
    RELEASED,
    TIMER_FIRED,
    DATA_EXPIRED,
    CANCEL_REQUESTED;

    /** The kind of an input. */
    public static Trigger of(PredictionInput input) {
        return switch (input) {
            case PredictionInput.JobAccepted ignored -> JOB_ACCEPTED;
            case PredictionInput.CancelRequested ignored -> CANCEL_REQUESTED;
            case PredictionInput.Released ignored -> RELEASED;
            case PredictionInput.TimerFired ignored -> TIMER_FIRED;
            case PredictionInput.DataExpired ignored -> DATA_EXPIRED;
            case PredictionInput.AttemptSilent ignored -> ATTEMPT_SILENT;
            case PredictionInput.AttemptReported reported -> of(reported.event().body());
        };
    }

    private static Trigger of(AttemptEvent.Body body) {
        return switch (body) {
            case AttemptEvent.Started ignored -> STARTED;
            case AttemptEvent.OutputAppended ignored -> OUTPUT_APPENDED;
            case AttemptEvent.LogsAppended ignored -> LOGS_APPENDED;
            case AttemptEvent.Progressed ignored -> PROGRESSED;
            case AttemptEvent.Renewed ignored -> RENEWED;
            case AttemptEvent.Redelivered ignored -> REDELIVERED;
            case AttemptEvent.Returned ignored -> RETURNED;
            case AttemptEvent.Succeeded ignored -> SUCCEEDED;
            case AttemptEvent.Failed ignored -> FAILED;
            case AttemptEvent.Canceled ignored -> CANCELED;
        };
    }

    /** Whether it shows only how an attempt is getting on; the terminal event repeats all of it. */
    public boolean isProgress() {
        return this == OUTPUT_APPENDED || this == LOGS_APPENDED || this == PROGRESSED;
    }

    /** Whether a prediction ends with it, whatever its job says. A failure may be followed by another attempt. */
    public boolean isFinal() {
        return this == SUCCEEDED || this == CANCELED;
    }

    /** In words, for diagrams and logs. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
