package dev.auspex.benchmarks;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one phase submitted and what came back: the only place that decides what is lost or duplicated. Owned by the
 * driver's event loop; others read it after the phase.
 *
 * <p>A webhook may overtake the answer to its own submission, so either may come first.
 */
final class Ledger {

    /** One prediction. Times as in {@link Arrival}; {@code 0} and {@code null} mean "not yet". */
    static final class Entry {
        private boolean accepted;
        private long intendedNanos;
        private long sentMicros;
        private @Nullable Arrival first;

        /** From the intended time of the submission to the webhook's arrival. */
        long cycleNanos() {
            return first == null ? 0 : first.nanos() - intendedNanos;
        }

        /** When the submission was written, in microseconds since 1970. */
        long sentMicros() {
            return sentMicros;
        }

        /** The first webhook; {@code null} if none came. */
        @Nullable Arrival first() {
            return first;
        }

        private boolean complete() {
            return accepted && first != null;
        }
    }

    private final Map<String, Entry> entries = new HashMap<>();
    private final int expected;
    private int answered;
    private int accepted;
    private int refused;
    private int unanswered;
    private int completed;
    private int unsuccessful;
    private int repeated;
    private int contradicted;
    private @Nullable String firstRefusal;

    /** @param expected how many submissions the phase makes */
    Ledger(int expected) {
        this.expected = expected;
    }

    /** The API took a prediction. */
    void accepted(String prediction, long intendedNanos, long sentMicros) {
        answered++;
        accepted++;
        Entry entry = entries.computeIfAbsent(prediction, ignored -> new Entry());
        entry.accepted = true;
        entry.intendedNanos = intendedNanos;
        entry.sentMicros = sentMicros;
        if (entry.first != null) {
            complete(entry.first);
        }
    }

    /** The API answered with something other than success. @param why status and the body's beginning */
    void refused(String why) {
        answered++;
        refused++;
        if (firstRefusal == null) {
            firstRefusal = why;
        }
    }

    /** The API did not answer: timeout or broken connection. Whether the prediction exists is unknown. */
    void unanswered(String why) {
        answered++;
        unanswered++;
        if (firstRefusal == null) {
            firstRefusal = why;
        }
    }

    /** A webhook came. */
    void arrived(Arrival arrival) {
        Entry entry = entries.computeIfAbsent(arrival.prediction(), ignored -> new Entry());
        if (entry.first == null) {
            entry.first = arrival;
            if (entry.accepted) {
                complete(arrival);
            }
        } else if (entry.first.message().equals(arrival.message())) {
            repeated++;
        } else {
            contradicted++;
        }
    }

    private void complete(Arrival arrival) {
        completed++;
        if (!arrival.succeeded()) {
            unsuccessful++;
        }
    }

    /** Whether every submission has its answer. */
    boolean answeredAll() {
        return answered >= expected;
    }

    /** Whether every submission has its answer and every accepted one its webhook. */
    boolean settled() {
        return answeredAll() && completed == accepted;
    }

    /** How many accepted predictions have their webhook. */
    int completed() {
        return completed;
    }

    /** Status and text of the first submission that failed; {@code null} if none did. */
    @Nullable String firstRefusal() {
        return firstRefusal;
    }

    /** Everything known, in no order. */
    Collection<Entry> entries() {
        return entries.values();
    }

    /** Ids and entries. */
    Map<String, Entry> byId() {
        return entries;
    }

    /** The counts as they stand. */
    Tally tally() {
        int unknown = (int) entries.values().stream().filter(entry -> !entry.accepted).count();
        int complete = (int) entries.values().stream().filter(Entry::complete).count();
        return new Tally(
                expected,
                accepted,
                refused,
                unanswered,
                complete,
                // Two answers with one id would hide in the map: the difference counts them as lost too.
                accepted - complete,
                repeated,
                contradicted,
                unknown,
                unsuccessful);
    }
}
