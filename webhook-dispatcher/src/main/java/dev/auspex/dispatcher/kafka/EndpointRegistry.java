package dev.auspex.dispatcher.kafka;

import dev.auspex.dispatcher.delivery.Endpoints;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import dev.auspex.protocol.json.JsonSerde;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registered endpoints: all of them in memory, followed in their topic by every dispatcher, and changed by writing to
 * it. Of two changes at the same time the later one stays. Safe for any thread.
 */
public final class EndpointRegistry implements Endpoints {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointRegistry.class);
    private static final JsonSerde<WebhookEndpoint> JSON = new JsonSerde<>(WebhookEndpoint.class);

    /** A change that its author wants to see. */
    private record Awaited(int partition, long offset, CompletableFuture<@Nullable Void> seen) {}

    private final Map<AccountId, Map<EndpointId, WebhookEndpoint>> accounts = new ConcurrentHashMap<>();
    private final Map<Integer, Long> read = new HashMap<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private final KafkaProducer<String, byte[]> producer;
    private final String topic;
    private final TopicTail tail;
    private final Clock clock;
    /** Sending may block. */
    private final ExecutorService sending = Executors.newVirtualThreadPerTaskExecutor();

    /** Opens clients; nothing is read yet. */
    public EndpointRegistry(KafkaClients kafka, Topics topics, Clock clock) {
        this.clock = clock;
        this.topic = topics.webhookEndpoints();
        this.producer = kafka.producer("dispatcher-endpoints", Map.of());
        this.tail = new TopicTail(
                kafka.consumer("dispatcher-endpoints", Map.of()), topic, topics.settings().partitions(),
                TopicTail.From.BEGINNING, this::follow);
    }

    /** Begins to read. @return completes when all that was there is known */
    public CompletableFuture<@Nullable Void> start() {
        tail.start();
        return tail.caughtUp();
    }

    @Override
    public Collection<WebhookEndpoint> of(AccountId account) {
        return accounts.getOrDefault(account, Map.of()).values();
    }

    @Override
    public @Nullable WebhookEndpoint find(AccountId account, EndpointId id) {
        return accounts.getOrDefault(account, Map.of()).get(id);
    }

    @Override
    public void disable(WebhookEndpoint endpoint, String reason) {
        WebhookEndpoint known = find(endpoint.account(), endpoint.id());
        if (known == null || known.state() == WebhookEndpoint.State.DISABLED) {
            return;
        }
        put(new WebhookEndpoint(
                known.id(), known.account(), known.target(), WebhookEndpoint.State.DISABLED, reason, known.signing(),
                known.createdAt(), clock.instant())).whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.atWarn().addKeyValue("endpoint", known.id()).setCause(failure).log("endpoint not disabled");
                    }
                });
    }

    /** Adds or changes one. @return completes when the change is durable and known here; fails if Kafka does not take it */
    public CompletableFuture<@Nullable Void> put(WebhookEndpoint endpoint) {
        return write(endpoint.key(), JSON.serialize(endpoint));
    }

    /** Removes one. @return as {@link #put} */
    public CompletableFuture<@Nullable Void> remove(WebhookEndpoint endpoint) {
        return write(endpoint.key(), null);
    }

    /** Closes the clients. */
    public void stop(Duration limit) throws InterruptedException {
        tail.stop(limit);
        sending.shutdownNow();
        producer.close(limit);
    }

    private CompletableFuture<@Nullable Void> write(String key, byte @Nullable [] value) {
        CompletableFuture<@Nullable Void> seen = new CompletableFuture<>();
        sending.execute(() -> {
            try {
                producer.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> {
                    if (failure == null) {
                        await(metadata, seen);
                    } else {
                        seen.completeExceptionally(failure);
                    }
                });
            } catch (RuntimeException e) {
                seen.completeExceptionally(e);
            }
        });
        return seen;
    }

    private void await(RecordMetadata metadata, CompletableFuture<@Nullable Void> seen) {
        synchronized (awaited) {
            if (read.getOrDefault(metadata.partition(), -1L) < metadata.offset()) {
                awaited.add(new Awaited(metadata.partition(), metadata.offset(), seen));
                return;
            }
        }
        seen.complete(null);
    }

    private void follow(ConsumerRecord<String, byte[]> record) {
        try {
            apply(record);
        } finally {
            List<Awaited> now = new ArrayList<>();
            synchronized (awaited) {
                read.put(record.partition(), record.offset());
                for (Iterator<Awaited> all = awaited.iterator(); all.hasNext(); ) {
                    Awaited one = all.next();
                    if (one.partition() == record.partition() && one.offset() <= record.offset()) {
                        now.add(one);
                        all.remove();
                    }
                }
            }
            now.forEach(one -> one.seen().complete(null));
        }
    }

    private void apply(ConsumerRecord<String, byte[]> record) {
        int slash = record.key().indexOf('/');
        AccountId account = new AccountId(record.key().substring(0, slash));
        EndpointId id = new EndpointId(record.key().substring(slash + 1));
        accounts.compute(account, (key, before) -> {
            Map<EndpointId, WebhookEndpoint> after = before == null ? new LinkedHashMap<>() : new LinkedHashMap<>(before);
            if (record.value() == null) {
                after.remove(id);
            } else {
                after.put(id, JSON.deserialize(record.value()));
            }
            return after.isEmpty() ? null : Map.copyOf(after);
        });
    }
}
