package dev.auspex.chaos;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing a client wanted, and every prediction that came of it: exactly one if its idempotency key works. Safe for any
 * thread.
 */
final class Submission {

    /** What the client does with it. */
    enum Kind {
        /** Ends at once. */
        QUICK,
        /** Runs for seconds. */
        LONG,
        /** Runs for a second or two and is read as it comes. */
        STREAMED,
        /** Would run for a minute and is canceled at once, mostly while queued. */
        CANCELED_EARLY,
        /** Would run for a minute and is canceled while it runs. */
        CANCELED_RUNNING,
        /** Canceled by both gateways. */
        CANCELED_TWICE;

        boolean isCanceled() {
            return this == CANCELED_EARLY || this == CANCELED_RUNNING || this == CANCELED_TWICE;
        }
    }

    private final int number;
    private final Kind kind;
    private final Set<String> acceptedIds = new LinkedHashSet<>();
    private @Nullable String streamed;
    private long acceptedAt;
    private boolean cancelAnswered;

    Submission(int number, Kind kind) {
        this.number = number;
        this.kind = kind;
    }

    int number() {
        return number;
    }

    Kind kind() {
        return kind;
    }

    /** The same over all tries. */
    String key() {
        return "chaos-" + number;
    }

    /** What is echoed; every word of it is its own, so that foreign output shows. */
    String text() {
        return "a%1$d b%1$d c%1$d d%1$d".formatted(number);
    }

    /** What the output has to be in the end. */
    String expectedOutput() {
        return kind == Kind.STREAMED ? text() + " " : text();
    }

    /** Answered with 2xx. */
    synchronized void accepted(String id) {
        if (acceptedIds.isEmpty()) {
            acceptedAt = System.nanoTime();
        }
        acceptedIds.add(id);
    }

    synchronized Set<String> acceptedIds() {
        return Set.copyOf(acceptedIds);
    }

    synchronized long acceptedAt() {
        return acceptedAt;
    }

    /** A cancel was answered with 2xx. */
    synchronized void cancelAnswered() {
        cancelAnswered = true;
    }

    synchronized boolean isCancelAnswered() {
        return cancelAnswered;
    }

    /** The whole text of a stream that came to its {@code done}. */
    synchronized void streamed(String text) {
        streamed = text;
    }

    synchronized @Nullable String streamed() {
        return streamed;
    }
}
