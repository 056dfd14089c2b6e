package dev.auspex.dispatcher.testing;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.topic.SnapshotHeaders;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes snapshots as the router does. */
public final class Snapshots implements AutoCloseable {

    public static final AccountId ACCOUNT = new AccountId("acme");

    private final KafkaProducer<String, byte[]> producer;
    private final Topics topics;

    public Snapshots(KafkaClients kafka, Topics topics) {
        this.producer = kafka.producer("test-snapshots", Map.of());
        this.topics = topics;
    }

    public static PredictionId newId() {
        return PredictionId.create(Instant.now(), new SecureRandom());
    }

    /** One prediction and its counted snapshots. */
    public Story story(@Nullable String url, WebhookEvent... filter) {
        return new Story(newId(), url == null ? null : new Webhook(url, filter.length == 0 ? null : List.of(filter)));
    }

    public void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }

    /** Writes one prediction's snapshots in order. */
    public final class Story {
        private final PredictionId id;
        private final @Nullable Webhook webhook;
        private long sequence;

        private Story(PredictionId id, @Nullable Webhook webhook) {
            this.id = id;
            this.webhook = webhook;
        }

        public PredictionId id() {
            return id;
        }

        /** Writes the next snapshot; its body is returned. */
        public String write(@Nullable WebhookEvent change) {
            if (change == WebhookEvent.COMPLETED) {
                return write(change, PredictionStatus.SUCCEEDED);
            }
            return write(change, sequence == 0 && change == null ? PredictionStatus.STARTING : PredictionStatus.PROCESSING);
        }

        /** The same in a state of its own. */
        public String write(@Nullable WebhookEvent change, PredictionStatus status) {
            String body = "{\"id\":\"" + id + "\",\"n\":" + sequence + ",\"text\":\"größe/\",\"status\":\""
                    + status.wireName() + "\"}";
            ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                    topics.predictions(), id.value(), body.getBytes(StandardCharsets.UTF_8));
            new SnapshotHeaders(ACCOUNT, sequence++, change, status, null, webhook)
                    .writeTo(record.headers());
            producer.send(record);
            return body;
        }
    }
}
