package dev.auspex.router.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Lets predictions leave the store when their records leave the topics, so that the store is bounded by the retention and
 * not by all there ever was. Ids sort by time: within an account the expired ones come first, and at the first one that
 * is not expired the sweep goes on to the next account. Each run looks at a bounded number of keys and the next one goes
 * on where it ended. One thread, the task's.
 */
final class RetentionSweep {

    private final StateTable table;
    private final Duration retention;
    private final int maxSteps;
    private final Consumer<byte[]> leaving;
    private String position = "";

    /**
     * @param maxSteps how many keys one run may look at
     * @param leaving given the value of every entry that leaves
     */
    RetentionSweep(StateTable table, Duration retention, int maxSteps, Consumer<byte[]> leaving) {
        this.table = table;
        this.retention = retention;
        this.maxSteps = maxSteps;
        this.leaving = leaving;
    }

    /** Does one bounded run. @return how many predictions left */
    int run(Instant now) {
        Instant oldest = now.minus(retention);
        int removed = 0;
        int steps = 0;
        while (steps < maxSteps) {
            List<KeyValue<String, byte[]>> expired = new ArrayList<>();
            String next = collect(oldest, maxSteps - steps, expired);
            for (KeyValue<String, byte[]> entry : expired) {
                leaving.accept(entry.value);
                table.delete(entry.key);
            }
            removed += expired.size();
            steps += expired.size() + 1;
            if (next == null) {
                position = "";
                break;
            }
            position = next;
        }
        return removed;
    }

    // Reads expired keys from the position on. Returns where to go on; null at the end of the store.
    private @Nullable String collect(Instant oldest, int limit, List<KeyValue<String, byte[]>> expired) {
        try (KeyValueIterator<String, byte[]> entries = table.store().range(position.isEmpty() ? null : position, null)) {
            while (entries.hasNext()) {
                String key = entries.peekNextKey();
                if (!isExpired(key, oldest)) {
                    return StoreKey.afterAccount(key);
                }
                if (expired.size() >= limit) {
                    return key;
                }
                expired.add(entries.next());
            }
            return null;
        }
    }

    private static boolean isExpired(String key, Instant oldest) {
        return StoreKey.createdAt(key).map(created -> created.isBefore(oldest)).orElse(true);
    }
}
