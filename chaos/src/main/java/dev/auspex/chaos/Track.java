package dev.auspex.chaos;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** What was seen of one prediction, by webhook or by reading it. Safe for any thread. */
final class Track {

    private static final Set<String> TERMINAL = Set.of("succeeded", "failed", "canceled", "aborted");

    private final int submission;
    private final Set<String> messages = new HashSet<>();
    private final Set<String> completedMessages = new HashSet<>();
    private final Set<String> terminal = new TreeSet<>();
    private long lastSequence = -1;
    private long completedAt;
    private int repeated;
    private int outOfOrder;

    Track(int submission) {
        this.submission = submission;
    }

    int submission() {
        return submission;
    }

    /**
     * A webhook came.
     *
     * @param message its {@code webhook-id}
     * @param event what it is news of
     * @param sequence counts the prediction's snapshots
     */
    synchronized void delivered(String message, String event, long sequence) {
        if (!messages.add(message)) {
            repeated++;
            return;
        }
        if (sequence <= lastSequence) {
            outOfOrder++;
        }
        lastSequence = Math.max(lastSequence, sequence);
        if (event.equals("completed")) {
            completedMessages.add(message);
            completedAt = completedAt == 0 ? System.nanoTime() : completedAt;
        }
    }

    /** Its status was seen. */
    synchronized void status(String status) {
        if (TERMINAL.contains(status)) {
            terminal.add(status);
        }
    }

    /** Different ones: more than one is a broken promise. */
    synchronized Set<String> terminal() {
        return Set.copyOf(terminal);
    }

    /** Different ids of {@code completed} messages. */
    synchronized int completedMessages() {
        return completedMessages.size();
    }

    /** When the first {@code completed} came; 0 for never. */
    synchronized long completedAt() {
        return completedAt;
    }

    /** Deliveries under an id that had come before. */
    synchronized int repeated() {
        return repeated;
    }

    /** First arrivals with a sequence below one that had come before. */
    synchronized int outOfOrder() {
        return outOfOrder;
    }
}
