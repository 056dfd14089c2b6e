package dev.auspex.benchmarks;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryHeaders;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.DeliveryTrace;
import dev.auspex.protocol.topic.SnapshotHeaders;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes what makes the dispatcher of an installation with default settings work: terminal snapshots, as the router does,
 * and results of attempts that failed, as the dispatcher itself does. One thread.
 */
final class WebhookMessages implements AutoCloseable {

    private static final AccountId ACCOUNT = new AccountId("default");
    /** Of an installation with default settings, as far as names go. */
    private static final Topics TOPICS = new Topics(new TopicSettings(
            "auspex.", 4, (short) 1, Duration.ofDays(7), List.of(new HardwareClass("cpu"))));
    private static final int UNAVAILABLE = 503;

    private final KafkaProducer<String, byte[]> producer;
    private final byte[] body;
    private final Random random = new Random();

    /** @param bytes size of a message's body */
    WebhookMessages(String servers, int bytes) {
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Loopback.servers(servers), "linger.ms", 1, "acks", "all", "client.id", "benchmark"),
                new StringSerializer(), new ByteArraySerializer());
        this.body = ("{\"id\":\"\",\"status\":\"succeeded\",\"output\":\"" + "x".repeat(bytes) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A prediction has ended. @param address of its webhook */
    void ended(String address) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(TOPICS.predictions(), id().value(), body);
        new SnapshotHeaders(
                        ACCOUNT, 1, WebhookEvent.COMPLETED, PredictionStatus.SUCCEEDED, null,
                        new Webhook(address, List.of(WebhookEvent.COMPLETED)))
                .writeTo(record.headers());
        producer.send(record);
    }

    /** A first attempt has failed. @param next when another one is to follow */
    void failed(String address, Instant next) {
        PredictionId id = id();
        Instant now = Instant.now();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(TOPICS.deliveryResults(), id.value(), body);
        DeliveryHeaders.write(
                new DeliveryResult(
                        Delivery.of(id, ACCOUNT, WebhookEvent.COMPLETED, 1, address, now), 1, Outcome.REJECTED, UNAVAILABLE,
                        "answered " + UNAVAILABLE, now, 5, 0, next, DeliveryTrace.NONE),
                record.headers());
        producer.send(record);
    }

    /** Waits until Kafka has all of them. */
    void flush() {
        producer.flush();
    }

    private PredictionId id() {
        return PredictionId.create(Instant.now(), random);
    }

    @Override
    public void close() {
        producer.close();
    }
}
