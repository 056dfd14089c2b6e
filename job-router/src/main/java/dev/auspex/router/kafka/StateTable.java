package dev.auspex.router.kafka;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The store of one partition with the decoded states of what is under way kept at hand. A prediction's records come
 * within moments of each other, so most of them find their state decoded. Belongs to one task and its thread; made anew
 * when the task is, so that it can never be ahead of the store.
 */
final class StateTable {

    /** Of stored bytes; the objects take a few times as much. */
    private static final long MAX_BYTES = 4L << 20;

    private final KeyValueStore<String, byte[]> store;
    private final LinkedHashMap<String, Recent> recent = new LinkedHashMap<>(1024, 0.75f, true);
    private long bytes;

    private record Recent(StateRecord state, int size) {}

    StateTable(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /** The state; {@link StateRecord#NONE} if there is none. */
    StateRecord get(String key) {
        Recent known = recent.get(key);
        if (known != null) {
            return known.state();
        }
        byte[] stored = store.get(key);
        return stored == null ? StateRecord.NONE : StateCodec.decode(stored);
    }

    /** @param stored {@code state} encoded */
    void put(String key, StateRecord state, byte[] stored) {
        store.put(key, stored);
        if (state.state().phase().isTerminal()) {
            forget(key); // nothing more will happen to it
        } else {
            remember(key, new Recent(state, stored.length));
        }
    }

    void delete(String key) {
        store.delete(key);
        forget(key);
    }

    KeyValueStore<String, byte[]> store() {
        return store;
    }

    private void forget(String key) {
        Recent gone = recent.remove(key);
        if (gone != null) {
            bytes -= gone.size();
        }
    }

    private void remember(String key, Recent state) {
        Recent before = recent.put(key, state);
        bytes += state.size() - (before == null ? 0 : before.size());
        Iterator<Map.Entry<String, Recent>> eldest = recent.entrySet().iterator();
        while (bytes > MAX_BYTES && eldest.hasNext()) {
            bytes -= eldest.next().getValue().size();
            eldest.remove();
        }
    }
}
