package dev.auspex.router.kafka;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Priority;
import dev.auspex.router.domain.PredictionState;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * How many predictions of each account wait for their start in one partition: the store {@code queued}, account → count,
 * and account{@value #LOW} → how many of these are of low priority because that was asked for.
 * Kept in the transaction of the moves it counts, so it cannot drift. One thread, the task's; reading is for any.
 */
final class QueueTally {

    private static final String LOW = "/low";

    private final KeyValueStore<String, byte[]> store;

    QueueTally(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /** Counts a move. */
    void moved(PredictionState before, PredictionState after) {
        if (after instanceof PredictionState.Known known) {
            add(known.job(), (isQueued(after) ? 1 : 0) - (isQueued(before) ? 1 : 0));
        }
    }

    /** A prediction is forgotten. @param stored what was in the store of predictions */
    void left(byte[] stored) {
        if (StateCodec.isQueued(stored)
                && StateCodec.decode(stored).state() instanceof PredictionState.Known known) {
            add(known.job(), -1);
        }
    }

    private static boolean isQueued(PredictionState state) {
        return state instanceof PredictionState.Known known && known.status() == PredictionStatus.STARTING;
    }

    private void add(Job job, int more) {
        if (more == 0) {
            return;
        }
        add(job.account().value(), more);
        if (job.priority() == Priority.LOW) {
            add(job.account() + LOW, more);
        }
    }

    private void add(String key, int more) {
        byte[] stored = store.get(key);
        long now = (stored == null ? 0 : decode(stored)) + more;
        if (now > 0) {
            store.put(key, ByteBuffer.allocate(Long.BYTES).putLong(now).array());
        } else {
            store.delete(key); // below 0 only what was queued before there was a tally
        }
    }

    /** What is in a store. */
    static Map<String, Long> read(ReadOnlyKeyValueStore<String, byte[]> store) {
        Map<String, Long> counts = new HashMap<>();
        try (KeyValueIterator<String, byte[]> entries = store.all()) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                counts.put(entry.key, decode(entry.value));
            }
        }
        return counts;
    }

    private static long decode(byte[] stored) {
        return ByteBuffer.wrap(stored).getLong();
    }
}
