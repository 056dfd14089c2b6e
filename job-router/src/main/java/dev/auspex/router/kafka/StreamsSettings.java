package dev.auspex.router.kafka;

import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.query.RouterAddress;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;

/**
 * The Kafka Streams configuration, with the reason for everything that is not its default.
 *
 * @param settings what the installation chose
 * @param topics its topics
 * @param bootstrapServers its brokers
 */
record StreamsSettings(Settings settings, Topics topics, String bootstrapServers) {

    /** From a killed router to another one taking over; a restarted one takes its own place back at once. */
    private static final int SESSION_TIMEOUT_MS = 8_000;
    private static final long CACHE_BYTES = 8L << 20;
    private static final int CLUSTER_REPLICAS = 3;

    /**
     * All of it.
     *
     * @param self where other routers reach this one
     * @param stateFolder where the stores are
     * @param instanceId names this member of the group over restarts
     */
    Properties properties(RouterAddress self, Path stateFolder, String instanceId) {
        int commitMillis = (int) settings.get(Keys.ROUTER_COMMIT_INTERVAL).toMillis();
        Properties p = new Properties();
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.group(RouterTopology.APPLICATION));
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        p.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.toString());
        p.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) topics.settings().replicas());
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitMillis);
        // An idle poll would hold a finished transaction back: it must not last longer than the interval.
        p.put(StreamsConfig.POLL_MS_CONFIG, commitMillis);
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.get(Keys.ROUTER_THREADS));
        // A cluster has the disks for a warm copy: takeover without restoring.
        p.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, topics.settings().replicas() >= CLUSTER_REPLICAS ? 1 : 0);
        // Transitions commute: no topic has to wait for another.
        p.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        p.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, UsePartitionTimeOnInvalidTimestamp.class);
        p.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, OversizeHandler.class);
        p.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        p.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        consumer(p, instanceId);
        producer(p);
        return p;
    }

    private static void consumer(Properties p, String instanceId) {
        // Static membership: without it a restart waits half a minute for the group to forget the old member.
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instanceId);
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MS);
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), SESSION_TIMEOUT_MS / 4);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 << 20);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), Topics.MAX_RECORD_BYTES);
    }

    private static void producer(Properties p) {
        p.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topics.MAX_RECORD_BYTES);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 64L << 20);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
        // A new transaction meets the markers of the one before: try again soon.
        p.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 100);
    }
}
