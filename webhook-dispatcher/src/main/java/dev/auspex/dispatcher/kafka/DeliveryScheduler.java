package dev.auspex.dispatcher.kafka;

import dev.auspex.protocol.topic.Topics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka Streams application that keeps messages between their attempts: exactly once, its state in Kafka. Safe for
 * any thread.
 */
public final class DeliveryScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryScheduler.class);
    /** What it adds to a retry matters little; what a transaction costs, more. */
    private static final int COMMIT_MILLIS = 250;
    private static final int SESSION_MILLIS = 10_000;

    private final KafkaStreams streams;
    private final AtomicLong waiting = new AtomicLong();

    /**
     * @param bootstrapServers of the cluster
     * @param member a name that this process keeps over restarts: its partitions wait for it
     * @param folder for local state, which can be lost
     */
    public DeliveryScheduler(String bootstrapServers, Topics topics, String member, Path folder, Clock clock) {
        this.streams = new KafkaStreams(
                topology(topics, clock, waiting), properties(bootstrapServers, topics, member, folder));
        streams.setUncaughtExceptionHandler(failure -> {
            LOG.atError().setCause(failure).log("delivery scheduler failed, beginning again");
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    }

    static Topology topology(Topics topics, Clock clock, AtomicLong waiting) {
        return new Topology()
                .addSource("results", new StringDeserializer(), new ByteArrayDeserializer(), topics.deliveryResults())
                .addProcessor("scheduler", () -> new SchedulerProcessor(clock, waiting), "results")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.persistentKeyValueStore(SchedulerProcessor.STORE),
                                        Serdes.Bytes(),
                                        Serdes.ByteArray())
                                .withCachingDisabled()
                                .withLoggingEnabled(Map.of(
                                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Topics.MAX_RECORD_BYTES))),
                        "scheduler")
                .addSink("orders", topics.deliveries(), new StringSerializer(), new ByteArraySerializer(), "scheduler");
    }

    static Properties properties(String bootstrapServers, Topics topics, String member, Path folder) {
        Properties p = new Properties();
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.group("delivery-scheduler"));
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        p.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) topics.settings().replicas());
        p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MILLIS);
        p.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SmallRocksDb.class);
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), member);
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_MILLIS);
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        p.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topics.MAX_RECORD_BYTES);
        // One at a time: the first write of a transaction may be told to come again, and must not be overtaken.
        p.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 20);
        return p;
    }

    /** Begins; returns before the state is restored. */
    public void start() {
        streams.start();
    }

    /** Whether its state is restored and it works. */
    public boolean ready() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** How many messages wait in this process. */
    public long waiting() {
        return waiting.get();
    }

    /** Commits and ends. */
    public void close(Duration limit) {
        streams.close(limit);
    }
}
