package dev.auspex.runtime.kafka;

import dev.auspex.protocol.topic.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Makes Kafka clients with the settings the platform's promises need. Keys are text, values bytes: the caller applies the
 * serde, so that a record that cannot be read never breaks a poll.
 *
 * @param bootstrapServers host:port pairs
 */
public record KafkaClients(String bootstrapServers) {

    private static final int CONNECT_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 1_000;
    /** A request of four-byte length: API 18 in version 0, correlation id 0, no client id. Every broker answers it. */
    private static final byte[] API_VERSIONS = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 0, -1, -1};

    /** A producer for records that must not be lost: {@code acks=all}, idempotent. Safe for any thread. */
    public KafkaProducer<String, byte[]> producer(String clientId, Map<String, Object> overrides) {
        Map<String, Object> config = common(clientId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        config.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 20);
        config.putAll(overrides);
        return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    }

    /** A consumer that commits nothing by itself and sees only committed records. One thread only. */
    public KafkaConsumer<String, byte[]> consumer(String clientId, Map<String, Object> overrides) {
        Map<String, Object> config = common(clientId);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.putAll(overrides);
        return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** A member of a share group (KIP-932) that acknowledges every record by itself. One thread only. */
    public KafkaShareConsumer<String, byte[]> shareConsumer(
            String clientId, String group, int maxPollRecords, Map<String, Object> overrides) {
        Map<String, Object> config = common(clientId);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords);
        config.putAll(overrides);
        return new KafkaShareConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** An administration client. Safe for any thread. */
    public Admin admin(String clientId) {
        Map<String, Object> config = common(clientId);
        return Admin.create(config);
    }

    /**
     * Whether some broker takes a connection and answers: the kernel of one that stands still takes connections, too. May
     * take two seconds for each that does not. Asked before a share consumer is made: one of Kafka 4.3.1 that wants to join
     * and finds nobody tries again without a pause, in two threads.
     */
    public boolean isReachable() {
        for (String server : bootstrapServers.split(",", -1)) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(Utils.getHost(server.strip()), Utils.getPort(server.strip())), CONNECT_MILLIS);
                socket.setSoTimeout(ANSWER_MILLIS);
                socket.getOutputStream().write(API_VERSIONS);
                if (socket.getInputStream().read() >= 0) {
                    return true;
                }
            } catch (IOException away) {
                // the next one, perhaps
            }
        }
        return false;
    }

    private Map<String, Object> common(String clientId) {
        Map<String, Object> config = new HashMap<>();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        // The clients' own push of metrics to the broker: nobody reads it here.
        config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return config;
    }
}
