package dev.auspex.dispatcher.kafka;

import dev.auspex.protocol.delivery.MessageId;
import dev.auspex.protocol.json.JsonSerde;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one partition that wait, in one ordered store with three kinds of key: {@code m<id>} what is known of a
 * message, {@code b<id>} its body, written once, and {@code d<due><id>} the index by time. The processor's thread only.
 */
final class PendingStore {

    private static final JsonSerde<PendingDelivery> JSON = new JsonSerde<>(PendingDelivery.class);
    private static final byte[] NOTHING = {0};
    private static final int INDEX_HEAD = 1 + Long.BYTES;

    private final KeyValueStore<Bytes, byte[]> store;
    /** No index key lies before it: a scan need not pass what was deleted long ago. */
    private long earliest;
    /** Whether an index key lies at it, so that nobody has to look. */
    private boolean exact;
    private long size;

    PendingStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        this.earliest = Long.MAX_VALUE;
        this.exact = true;
        try (KeyValueIterator<Bytes, byte[]> index = store.range(index(0, ""), index(Long.MAX_VALUE, ""))) {
            while (index.hasNext()) {
                earliest = Math.min(earliest, due(index.next().key));
                size++;
            }
        }
    }

    /** The message; {@code null} if it does not wait. */
    @Nullable PendingDelivery find(MessageId id) {
        byte[] json = store.get(key('m', id));
        return json == null ? null : JSON.deserialize(json);
    }

    /** The body of a message that waits. */
    byte[] body(MessageId id) {
        byte[] body = store.get(key('b', id));
        if (body == null) {
            throw new IllegalStateException("no body for " + id);
        }
        return body;
    }

    /** Adds a message. */
    void add(PendingDelivery pending, byte[] body) {
        store.put(key('b', pending.delivery().id()), body);
        write(pending);
        size++;
    }

    /** Changes a message. */
    void replace(PendingDelivery before, PendingDelivery after) {
        deleteIndex(before);
        write(after);
    }

    /** Forgets a message. */
    void remove(PendingDelivery pending) {
        MessageId id = pending.delivery().id();
        deleteIndex(pending);
        store.delete(key('m', id));
        store.delete(key('b', id));
        size--;
    }

    /** Ids of messages due at or before a time, earliest first. */
    List<MessageId> due(long now, int most) {
        List<MessageId> due = new ArrayList<>();
        if (earliest > now) {
            return due;
        }
        try (KeyValueIterator<Bytes, byte[]> index = store.range(index(earliest, ""), index(now + 1, ""))) {
            while (index.hasNext() && due.size() < most) {
                KeyValue<Bytes, byte[]> next = index.next();
                due.add(id(next.key));
            }
        }
        return due;
    }

    /** When the earliest message is due; empty if none waits. */
    OptionalLong next() {
        if (size == 0) {
            earliest = Long.MAX_VALUE;
            exact = true;
            return OptionalLong.empty();
        }
        if (!exact) {
            try (KeyValueIterator<Bytes, byte[]> index = store.range(index(earliest, ""), index(Long.MAX_VALUE, ""))) {
                earliest = index.hasNext() ? due(index.next().key) : Long.MAX_VALUE;
                exact = true;
            }
        }
        return OptionalLong.of(earliest);
    }

    /** How many messages wait. */
    long size() {
        return size;
    }

    private void write(PendingDelivery pending) {
        store.put(key('m', pending.delivery().id()), JSON.serialize(pending));
        store.put(index(pending.dueMillis(), pending.delivery().id().value()), NOTHING);
        if (pending.dueMillis() <= earliest) {
            earliest = pending.dueMillis();
            exact = true;
        }
    }

    private void deleteIndex(PendingDelivery pending) {
        store.delete(index(pending.dueMillis(), pending.delivery().id().value()));
        if (pending.dueMillis() == earliest) {
            exact = false;
        }
    }

    private static Bytes key(char kind, MessageId id) {
        return Bytes.wrap((kind + id.value()).getBytes(StandardCharsets.US_ASCII));
    }

    // Big-endian: the order of the bytes is the order of time.
    private static Bytes index(long dueMillis, String id) {
        byte[] text = id.getBytes(StandardCharsets.US_ASCII);
        return Bytes.wrap(ByteBuffer.allocate(INDEX_HEAD + text.length)
                .put((byte) 'd')
                .putLong(dueMillis)
                .put(text)
                .array());
    }

    private static long due(Bytes indexKey) {
        return ByteBuffer.wrap(indexKey.get()).getLong(1);
    }

    private static MessageId id(Bytes indexKey) {
        byte[] key = indexKey.get();
        return new MessageId(new String(key, INDEX_HEAD, key.length - INDEX_HEAD, StandardCharsets.US_ASCII));
    }
}
