package dev.auspex.system;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What was promised and what became of it. Safe for any thread. */
final class Ledger {

    private final Map<Integer, String> accepted = new ConcurrentHashMap<>();
    private final Map<String, String> ended = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> messages = new ConcurrentHashMap<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger deliveries = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();

    /** Prediction ids by submission number: each of them was answered with 201. */
    Map<Integer, String> accepted() {
        return accepted;
    }

    /** A submission broke off without an answer: it may have been accepted. */
    void unanswered() {
        unanswered.incrementAndGet();
    }

    /** A prediction's terminal status. */
    void ended(String prediction, String status) {
        ended.put(prediction, status);
    }

    /** A completed webhook came. */
    void delivered(String prediction, String message) {
        deliveries.incrementAndGet();
        messages.computeIfAbsent(prediction, key -> new HashSet<>()).add(message);
    }

    /** How many accepted predictions ended in which status. */
    Map<String, Integer> statuses() {
        Map<String, Integer> counts = new TreeMap<>();
        accepted.values().forEach(id -> counts.merge(ended.getOrDefault(id, "none"), 1, Integer::sum));
        return counts;
    }

    /** How many predictions were told with how many different message ids; one is right. */
    Map<Integer, Integer> messagesPerPrediction() {
        Map<Integer, Integer> counts = new TreeMap<>();
        accepted.values().forEach(id -> counts.merge(messages.getOrDefault(id, Set.of()).size(), 1, Integer::sum));
        return counts;
    }

    /** A line for the reader. */
    void note(String format, Object... values) {
        notes.add(String.format(format, values));
    }

    @Override
    public String toString() {
        int told = messages.size();
        long foreign = messages.keySet().stream().filter(id -> !accepted.containsValue(id)).count();
        long lost = accepted.values().stream().filter(id -> !messages.containsKey(id)).count();
        return String.join("\n", List.of(
                "ledger of the killed process",
                "  " + String.join("\n  ", notes),
                "  accepted (201)                     " + accepted.size(),
                "  broken off, submitted again        " + unanswered.get() + ", of these accepted all the same " + foreign,
                "  by status                          " + statuses(),
                "  completed webhooks                 " + deliveries.get() + " for " + told + " predictions",
                "  repeated under the same id         " + (deliveries.get() - messages.values().stream().mapToInt(Set::size).sum()),
                "  lost                               " + lost));
    }
}
