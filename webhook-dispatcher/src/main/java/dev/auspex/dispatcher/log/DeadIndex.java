package dev.auspex.dispatcher.log;

import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * Which {@code completed} messages were given up and have not been sent or asked for since, while a batch is written. The
 * writing thread only.
 */
final class DeadIndex {

    private static final byte[] NONE = {};

    private final RocksDB db;
    private final ColumnFamilyHandle family;
    private final WriteBatch batch;
    /** What the batch holds already: reads do not see it. */
    private final Map<String, byte[]> changed = new HashMap<>();

    DeadIndex(RocksDB db, ColumnFamilyHandle family, WriteBatch batch) {
        this.db = db;
        this.family = family;
        this.batch = batch;
    }

    void apply(LogEntry entry) throws RocksDBException {
        DeliveryResult result = entry.result();
        if (result.delivery().event() != WebhookEvent.COMPLETED) {
            return;
        }
        String id = result.delivery().id().value();
        byte[] known = known(id);
        if (known != null) {
            batch.delete(family, known);
            batch.delete(family, idKey(id));
            changed.put(id, NONE);
        }
        if (result.settled() && result.outcome() != Outcome.DELIVERED) {
            byte[] key = LogKeys.key(
                    LogKeys.prefix(LogKeys.DEAD, result.delivery().account().value()), entry.position());
            batch.put(family, key, id.getBytes(StandardCharsets.US_ASCII));
            batch.put(family, idKey(id), key);
            changed.put(id, key);
        }
    }

    private byte @Nullable [] known(String id) throws RocksDBException {
        byte[] inBatch = changed.get(id);
        if (inBatch != null) {
            return inBatch.length == 0 ? null : inBatch;
        }
        return db.get(family, idKey(id));
    }

    /** Forgets those of days before. */
    static void expire(RocksDB db, ColumnFamilyHandle family, LocalDate oldest) throws RocksDBException {
        try (RocksIterator keys = db.newIterator(family)) {
            for (keys.seek(new byte[] {LogKeys.DEAD}); keys.isValid() && keys.key()[0] == LogKeys.DEAD; keys.next()) {
                if (LogKeys.position(keys.key()).day().isBefore(oldest)) {
                    db.delete(family, idKey(new String(keys.value(), StandardCharsets.US_ASCII)));
                    db.delete(family, keys.key());
                }
            }
        }
    }

    private static byte[] idKey(String id) {
        return LogKeys.prefix(LogKeys.DEAD_ID, id);
    }
}
