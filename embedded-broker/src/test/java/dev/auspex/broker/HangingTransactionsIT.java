package dev.auspex.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A broker is left as a kill in the middle of a commit leaves it: two partitions with records of a transaction that its
 * coordinator has down as over. Readers of committed records would wait in front of them for ever.
 */
class HangingTransactionsIT {

    private static final String TOPIC = "jobs";
    private static final String TRANSACTION = "router-1";
    private static final byte ONGOING = 1;
    private static final byte COMPLETE_COMMIT = 4;
    private static final byte COMPLETE_ABORT = 5;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path data;

    @ParameterizedTest
    @CsvSource({COMPLETE_COMMIT + ", 2", COMPLETE_ABORT + ", 0"})
    void shouldEndTheTransactionAsItWasDecidedWhenItsMarkersAreMissing(byte decision, int readable) throws Exception {
        leave(decision);

        try (EmbeddedBroker broker = EmbeddedBroker.start(data)) {
            assertThat(committed(broker)).hasSize(readable);
        }
    }

    @Test
    void shouldLeaveATransactionOpenWhenItWasNotDecided() throws Exception {
        leave(ONGOING);

        try (EmbeddedBroker broker = EmbeddedBroker.start(data); Admin admin = admin(broker)) {
            TopicPartition first = new TopicPartition(TOPIC, 0);
            assertThat(admin.describeProducers(List.of(first)).partitionResult(first).get().activeProducers())
                    .singleElement()
                    .satisfies(producer -> assertThat(producer.currentTransactionStartOffset()).isPresent());
        }
    }

    private void leave(byte state) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data); Admin admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
            KafkaProducer<byte[], byte[]> producer =
                    producer(broker, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTION));
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, 0, null, new byte[] {0})).get();
            producer.send(new ProducerRecord<>(TOPIC, 1, null, new byte[] {1})).get();
            producer.close(Duration.ZERO); // without a word to the coordinator
            if (state != ONGOING) {
                decide(broker, admin, state);
            }
        }
    }

    // Written past the coordinator, which reads it when it starts again.
    private static void decide(EmbeddedBroker broker, Admin admin, byte state)
            throws InterruptedException, ExecutionException {
        TransactionDescription open =
                admin.describeTransactions(List.of(TRANSACTION)).description(TRANSACTION).get();
        TransactionLogValue value = new TransactionLogValue()
                .setProducerId(open.producerId())
                .setProducerEpoch((short) (open.producerEpoch() + 1))
                .setTransactionTimeoutMs((int) open.transactionTimeoutMs())
                .setTransactionStatus(state)
                .setTransactionPartitions(List.of())
                .setTransactionStartTimestampMs(open.transactionStartTimeMs().orElseThrow())
                .setTransactionLastUpdateTimestampMs(System.currentTimeMillis());
        String log = "__transaction_state";
        int partitions = admin.describeTopics(List.of(log)).allTopicNames().get().get(log).partitions().size();
        // The one client id that brokers let write to their own topics.
        try (KafkaProducer<byte[], byte[]> producer =
                producer(broker, Map.of(ProducerConfig.CLIENT_ID_CONFIG, "__admin_client"))) {
            producer.send(new ProducerRecord<>(
                            log,
                            Utils.abs(TRANSACTION.hashCode()) % partitions,
                            MessageUtil.toVersionPrefixedBytes(
                                    TransactionLogKey.HIGHEST_SUPPORTED_VERSION,
                                    new TransactionLogKey().setTransactionalId(TRANSACTION)),
                            MessageUtil.toVersionPrefixedBytes(TransactionLogValue.HIGHEST_SUPPORTED_VERSION, value)))
                    .get();
        }
    }

    private static List<byte[]> committed(EmbeddedBroker broker) {
        List<TopicPartition> partitions = List.of(new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1));
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        List<byte[]> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            // One record and one marker in each.
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < 2) && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            assertThat(partitions).as("nobody waits in front of it").allMatch(each -> consumer.position(each) == 2);
        }
        return values;
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
