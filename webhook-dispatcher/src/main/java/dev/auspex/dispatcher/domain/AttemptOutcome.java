package dev.auspex.dispatcher.domain;

import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one request to a receiver ended. */
public sealed interface AttemptOutcome {

    /**
     * The receiver answered.
     *
     * @param status the HTTP status
     * @param retryAfter the pause it asked for; {@code null} if it asked for none
     */
    record Answered(int status, @Nullable Duration retryAfter) implements AttemptOutcome {
        private static final int GONE = 410;

        /** Only 2xx: a redirect means that the message has not arrived where it was meant to. */
        public boolean success() {
            return status >= 200 && status < 300;
        }

        /** 410: nothing more is to be sent there. */
        public boolean gone() {
            return status == GONE;
        }
    }

    /**
     * There was no answer.
     *
     * @param outcome which kind of failure
     * @param error one short sentence without addresses
     */
    record NotAnswered(Outcome outcome, String error) implements AttemptOutcome {}

    /** The kind, for results, logs and metrics. */
    default Outcome kind() {
        return switch (this) {
            case Answered answered -> answered.success() ? Outcome.DELIVERED : Outcome.REJECTED;
            case NotAnswered failed -> failed.outcome();
        };
    }

    /** The HTTP status; {@code null} without an answer. */
    default @Nullable Integer statusOrNull() {
        return this instanceof Answered answered ? answered.status() : null;
    }

    /** What went wrong; {@code null} for a success. */
    default @Nullable String errorOrNull() {
        return switch (this) {
            case Answered answered -> answered.success() ? null : "answered " + answered.status();
            case NotAnswered failed -> failed.error();
        };
    }
}
