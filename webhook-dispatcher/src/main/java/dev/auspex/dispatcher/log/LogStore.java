package dev.auspex.dispatcher.log;

import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.json.JsonSerde;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The log on disk: one RocksDB with a column family for each day, which is dropped as a whole when it is old enough. What
 * has been read of the topic is written in the same batch as the entries, so a crash neither loses nor doubles any. One
 * thread writes; any number read.
 */
final class LogStore implements AutoCloseable {

    private static final JsonSerde<DeliveryResult> JSON = new JsonSerde<>(DeliveryResult.class);
    private static final String DEFAULT_FAMILY = "default";
    private static final long CACHE_BYTES = 16L << 20;
    private static final long WRITE_BUFFER_BYTES = 4L << 20;
    /** How many entries one look-up passes. */
    private static final int MOST_PASSED = 20_000;
    private static final byte[] EMPTY = {};

    static {
        RocksDB.loadLibrary();
    }

    private final RocksDB db;
    private final ColumnFamilyOptions familyOptions;
    private final WriteOptions writes = new WriteOptions();
    private final ColumnFamilyHandle general;
    private final NavigableMap<LocalDate, ColumnFamilyHandle> days = new ConcurrentSkipListMap<>();

    private LogStore(RocksDB db, ColumnFamilyOptions options, List<ColumnFamilyDescriptor> families,
            List<ColumnFamilyHandle> handles) {
        this.db = db;
        this.familyOptions = options;
        ColumnFamilyHandle first = handles.getFirst();
        for (int i = 0; i < handles.size(); i++) {
            String name = new String(families.get(i).getName(), StandardCharsets.US_ASCII);
            if (name.equals(DEFAULT_FAMILY)) {
                first = handles.get(i);
            } else {
                days.put(LocalDate.parse(name), handles.get(i));
            }
        }
        this.general = first;
    }

    /** Opens the store in a folder, made if there is none. @throws IOException if that is not possible */
    static LogStore open(Path folder) throws IOException {
        Files.createDirectories(folder);
        ColumnFamilyOptions options = new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(new LRUCache(CACHE_BYTES))
                        .setCacheIndexAndFilterBlocks(true)
                        .setFilterPolicy(new BloomFilter(10)));
        try (Options plain = new Options();
                DBOptions all = new DBOptions()
                        .setCreateIfMissing(true)
                        .setMaxTotalWalSize(4 * WRITE_BUFFER_BYTES)
                        .setMaxBackgroundJobs(2)) {
            List<ColumnFamilyDescriptor> families = new ArrayList<>();
            for (byte[] name : RocksDB.listColumnFamilies(plain, folder.toString())) {
                families.add(new ColumnFamilyDescriptor(name, options));
            }
            if (families.isEmpty()) {
                families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options));
            }
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            return new LogStore(RocksDB.open(all, folder.toString(), families, handles), options, families, handles);
        } catch (RocksDBException e) {
            throw new IOException("the delivery log in " + folder + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** The offset to go on with; 0 if nothing of the partition has been read. */
    long read(int partition) {
        byte[] value = get(general, readKey(partition));
        return value == null ? 0 : ByteBuffer.wrap(value).getLong();
    }

    /**
     * Adds entries.
     *
     * @param json each entry's result as it travelled
     * @param read by partition, the offsets to go on with
     */
    void write(Collection<LogEntry> entries, Map<LogPosition, byte[]> json, Map<Integer, Long> read) {
        try (WriteBatch batch = new WriteBatch()) {
            DeadIndex dead = new DeadIndex(db, general, batch);
            for (LogEntry entry : entries) {
                ColumnFamilyHandle day = day(entry.position().day());
                String account = entry.result().delivery().account().value();
                String prediction = entry.result().delivery().prediction().value();
                batch.put(
                        day,
                        LogKeys.key(LogKeys.prefix(LogKeys.ENTRY, account), entry.position()),
                        Objects.requireNonNull(json.get(entry.position())));
                batch.put(
                        day,
                        LogKeys.key(LogKeys.prefix(LogKeys.OF_PREDICTION, account, prediction), entry.position()),
                        EMPTY);
                dead.apply(entry);
            }
            for (Map.Entry<Integer, Long> each : read.entrySet()) {
                batch.put(general, readKey(each.getKey()),
                        ByteBuffer.allocate(Long.BYTES).putLong(each.getValue()).array());
            }
            db.write(writes, batch);
        } catch (RocksDBException e) {
            throw new IllegalStateException("the delivery log cannot be written: " + e.getMessage(), e);
        }
    }

    /** Looks entries up, newest first. */
    LogPage find(LogQuery query) {
        return query.dead() ? findDead(query) : findEntries(query);
    }

    private LogPage findEntries(LogQuery query) {
        String account = query.account().value();
        byte[] prefix = query.prediction() == null
                ? LogKeys.prefix(LogKeys.ENTRY, account)
                : LogKeys.prefix(LogKeys.OF_PREDICTION, account, query.prediction().value());
        Search search = new Search(query);
        LogPosition end = query.range().end();
        for (Map.Entry<LocalDate, ColumnFamilyHandle> day : days.headMap(end.day(), true).descendingMap().entrySet()) {
            if (day.getKey().isBefore(LogPosition.at(query.range().from()).day())
                    || search.pass(day.getValue(), prefix, end)) {
                break;
            }
        }
        return search.page();
    }

    private LogPage findDead(LogQuery query) {
        Search search = new Search(query);
        search.pass(general, LogKeys.prefix(LogKeys.DEAD, query.account().value()), query.range().end());
        return search.page();
    }

    /** Forgets what is older than a day. */
    void expire(LocalDate oldest) {
        try {
            for (Map.Entry<LocalDate, ColumnFamilyHandle> day : days.headMap(oldest, false).entrySet()) {
                days.remove(day.getKey());
                db.dropColumnFamily(day.getValue());
                // The handle stays open until the store closes: somebody may be reading.
                dropped.add(day.getValue());
            }
            DeadIndex.expire(db, general, oldest);
        } catch (RocksDBException e) {
            throw new IllegalStateException("old entries cannot be removed: " + e.getMessage(), e);
        }
    }

    private final List<ColumnFamilyHandle> dropped = new ArrayList<>();

    /** Days there are entries of. */
    List<LocalDate> days() {
        return List.copyOf(days.keySet());
    }

    @Override
    public void close() {
        days.values().forEach(ColumnFamilyHandle::close);
        dropped.forEach(ColumnFamilyHandle::close);
        general.close();
        db.close();
        writes.close();
        familyOptions.close();
    }

    private ColumnFamilyHandle day(LocalDate day) throws RocksDBException {
        ColumnFamilyHandle known = days.get(day);
        if (known == null) {
            known = db.createColumnFamily(new ColumnFamilyDescriptor(
                    day.toString().getBytes(StandardCharsets.US_ASCII), familyOptions));
            days.put(day, known);
        }
        return known;
    }

    private static byte[] readKey(int partition) {
        return LogKeys.prefix(LogKeys.READ, Integer.toString(partition));
    }

    private byte @Nullable [] get(ColumnFamilyHandle family, byte[] key) {
        try {
            return db.get(family, key);
        } catch (RocksDBException e) {
            throw new IllegalStateException("the delivery log cannot be read: " + e.getMessage(), e);
        }
    }

    /** One look-up, perhaps over several days. */
    private final class Search {
        private final LogQuery query;
        private final List<LogEntry> found = new ArrayList<>();
        private int passed;
        private @Nullable LogPosition next;

        private Search(LogQuery query) {
            this.query = query;
        }

        /** @return whether the page is full or the look-up has gone far enough */
        private boolean pass(ColumnFamilyHandle family, byte[] prefix, LogPosition end) {
            LogPosition from = LogPosition.at(query.range().from());
            try (RocksIterator keys = db.newIterator(family)) {
                keys.seekForPrev(LogKeys.key(prefix, end));
                while (keys.isValid() && LogKeys.startsWith(keys.key(), prefix)) {
                    LogPosition position = LogKeys.position(keys.key());
                    if (position.millis() < from.millis()) {
                        return true;
                    }
                    // The end itself is not wanted: it is the last entry of the page before.
                    if (!position.equals(end) && take(position)) {
                        return true;
                    }
                    keys.prev();
                }
            }
            return false;
        }

        private boolean take(LogPosition position) {
            passed++;
            DeliveryResult result = load(position);
            if (result != null && query.filter().accepts(result)) {
                found.add(new LogEntry(position, result));
            }
            if (found.size() >= query.range().limit() || passed >= MOST_PASSED) {
                next = position;
                return true;
            }
            return false;
        }

        private @Nullable DeliveryResult load(LogPosition position) {
            ColumnFamilyHandle day = days.get(position.day());
            byte[] json = day == null ? null : get(
                    day, LogKeys.key(LogKeys.prefix(LogKeys.ENTRY, query.account().value()), position));
            return json == null ? null : JSON.deserialize(json);
        }

        private LogPage page() {
            return new LogPage(found, next);
        }
    }
}
