package dev.auspex.router.kafka;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One memory budget for all partitions' databases in the process: by default each has its own, and together they would
 * take more than the rest of the platform. Made by Kafka Streams.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

    private static final long BLOCK_CACHE_BYTES = 64L << 20;
    private static final long WRITE_BUFFER_BYTES = 32L << 20;
    private static final Cache CACHE;
    private static final WriteBufferManager WRITE_BUFFERS;

    /** Each shard has room for many blocks: with RocksDB's own number a shard is as large as some blocks. */
    private static final int SHARD_BITS = 2;
    /** Of the cache, for what says where things are: data must not push it out. */
    private static final double HIGH_PRIORITY = 0.5;

    static {
        RocksDB.loadLibrary();
        CACHE = new LRUCache(BLOCK_CACHE_BYTES, SHARD_BITS, false, HIGH_PRIORITY);
        WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);
    }

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        // In pieces: the index of a file in one piece is a megabyte, read and unpacked again for each look at a prediction
        // that was not looked at lately.
        table.setIndexType(IndexType.kTwoLevelIndexSearch);
        table.setPartitionFilters(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(WRITE_BUFFERS);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES / 4);
        // States are JSON for the most part: a third of the disk for little work.
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
        options.setMaxBackgroundJobs(2);
    }

    @Override
    public void close(String store, Options options) {
        // the cache and the buffers belong to all stores
    }
}
