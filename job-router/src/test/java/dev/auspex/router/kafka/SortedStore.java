package dev.auspex.router.kafka;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A store in memory: ids and accounts are ASCII, so the order of texts is the order of bytes. */
final class SortedStore implements KeyValueStore<String, byte[]> {

    private final TreeMap<String, byte[]> entries = new TreeMap<>();

    @Override
    public void put(String key, byte[] value) {
        entries.put(key, value);
    }

    @Override
    public byte @Nullable [] putIfAbsent(String key, byte[] value) {
        return entries.putIfAbsent(key, value);
    }

    @Override
    public void putAll(List<KeyValue<String, byte[]>> all) {
        all.forEach(entry -> entries.put(entry.key, entry.value));
    }

    @Override
    public byte @Nullable [] delete(String key) {
        return entries.remove(key);
    }

    @Override
    public byte @Nullable [] get(String key) {
        return entries.get(key);
    }

    @Override
    public KeyValueIterator<String, byte[]> range(@Nullable String from, @Nullable String to) {
        return iterator(view(from, to));
    }

    @Override
    public KeyValueIterator<String, byte[]> reverseRange(@Nullable String from, @Nullable String to) {
        return iterator(view(from, to).descendingMap());
    }

    private java.util.NavigableMap<String, byte[]> view(@Nullable String from, @Nullable String to) {
        java.util.NavigableMap<String, byte[]> tail = from == null ? entries : entries.tailMap(from, true);
        return to == null ? tail : tail.headMap(to, true);
    }

    @Override
    public KeyValueIterator<String, byte[]> all() {
        return iterator(entries);
    }

    private static KeyValueIterator<String, byte[]> iterator(Map<String, byte[]> view) {
        List<KeyValue<String, byte[]>> copy = new ArrayList<>();
        view.forEach((key, value) -> copy.add(new KeyValue<>(key, value)));
        Iterator<KeyValue<String, byte[]>> rest = copy.iterator();
        return new KeyValueIterator<>() {
            private @Nullable KeyValue<String, byte[]> head;

            @Override
            public boolean hasNext() {
                return head != null || rest.hasNext();
            }

            @Override
            public KeyValue<String, byte[]> next() {
                KeyValue<String, byte[]> taken = head == null ? rest.next() : head;
                head = null;
                return taken;
            }

            @Override
            public String peekNextKey() {
                head = head == null ? rest.next() : head;
                return head.key;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public long approximateNumEntries() {
        return entries.size();
    }

    @Override
    public String name() {
        return "sorted";
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {}

    @Override
    @SuppressWarnings("removal")
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }
}
