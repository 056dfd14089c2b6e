package dev.auspex.protocol.delivery;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of one attempt, and what is to happen next: header of a {@code delivery-results} record. The value is the
 * body if the message has to be kept for a retry and the scheduler does not have it yet, else absent. The time of the
 * next attempt is decided once, by whoever made this one.
 *
 * @param delivery the message
 * @param attempt how many attempts have been made, this one included; 0 if it was put off before the first
 * @param outcome how it ended
 * @param status the receiver's HTTP status; {@code null} if there was no answer
 * @param error one short sentence about a failure, without addresses or payload; {@code null} for a success
 * @param startedAt when the attempt began
 * @param elapsedMillis how long it took
 * @param postponed how often in a row the message was put off without an attempt
 * @param nextAttemptAt when to try again; {@code null} if that was the last
 * @param trace what was seen of the request; {@code null} if none was made
 */
public record DeliveryResult(
        Delivery delivery,
        int attempt,
        Outcome outcome,
        @Nullable Integer status,
        @Nullable String error,
        Instant startedAt,
        long elapsedMillis,
        int postponed,
        @Nullable Instant nextAttemptAt,
        @Nullable DeliveryTrace trace) {

    /** How an attempt ended. */
    public enum Outcome {
        /** Answered 2xx. */
        DELIVERED,
        /** Answered anything else, redirects included. */
        REJECTED,
        /** Not answered in time. */
        TIMED_OUT,
        /** The name could not be resolved. */
        UNRESOLVED,
        /** No connection, a broken one, or a TLS failure. */
        UNREACHABLE,
        /** The address may not be called; never tried again. */
        FORBIDDEN,
        /** No request was made: the receiver answered 410 before, or the endpoint was removed; never tried again. */
        GONE,
        /** No attempt was made: the receiver was busy or is left in peace for a while, or the process stopped. */
        POSTPONED,
        /** No attempt was made: somebody asked for the message to be sent, or sent again. */
        REQUESTED;

        private final String wireName = name().toLowerCase(Locale.ROOT);

        /** The lower-case name used in JSON and as a tag of metrics. */
        @JsonValue
        public String wireName() {
            return wireName;
        }
    }

    /** Whether nothing follows: delivered, or given up. (Not a bean getter: it must not appear in the JSON.) */
    public boolean settled() {
        return nextAttemptAt == null;
    }

    /** The same with nothing to follow. */
    public DeliveryResult last() {
        return nextAttemptAt == null ? this : new DeliveryResult(
                delivery, attempt, outcome, status, error, startedAt, elapsedMillis, postponed, null, trace);
    }
}
