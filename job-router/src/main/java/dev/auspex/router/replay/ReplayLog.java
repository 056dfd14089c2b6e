package dev.auspex.router.replay;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.replay.Replay;
import dev.auspex.protocol.replay.ReplayRecord;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All replays of the installation, as the compacted topic tells of them: every router reads all of it, so every router
 * can answer for every replay. Safe for any thread.
 */
final class ReplayLog {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayLog.class);

    private final KafkaConsumer<String, byte[]> consumer;
    private final KafkaProducer<String, byte[]> producer;
    private final Ends ends;
    private final Topics topics;
    private final Clock clock;
    private final List<TopicPartition> partitions;
    private final AtomicLongArray positions;
    private final ConcurrentMap<PredictionId, Known> known = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private final Thread thread = Thread.ofPlatform().name("replay-log").daemon().unstarted(this::run);
    private volatile boolean stopped;

    /** Reads nothing before {@link #start}. */
    ReplayLog(KafkaClients kafka, Topics topics, Ends ends, Clock clock) {
        this.consumer = kafka.consumer("router-replays", Map.of());
        this.producer = kafka.producer("router-replay-requests", Map.of());
        this.topics = topics;
        this.ends = ends;
        this.clock = clock;
        this.partitions = IntStream.range(0, topics.settings().partitions())
                .mapToObj(partition -> new TopicPartition(topics.replays(), partition))
                .toList();
        this.positions = new AtomicLongArray(partitions.size());
    }

    /** What was read of one replay. */
    private record Known(@Nullable ReplayRequest request, boolean cancelRequested, @Nullable Replay state) {

        static final Known NOTHING = new Known(null, false, null);

        Known with(ReplayRecord record) {
            return switch (record) {
                // The first one counts: a client that repeats its request must not change what runs.
                case ReplayRecord.Requested(ReplayRequest wanted) ->
                        new Known(request == null ? wanted : request, cancelRequested, state);
                case ReplayRecord.CancelRequested ignored -> new Known(request, true, state);
                case ReplayRecord.Progressed(Replay now) -> new Known(request, cancelRequested, now);
            };
        }

        @Nullable Replay replay() {
            if (state != null) {
                return state;
            }
            return request == null ? null : Replay.accepted(request);
        }
    }

    private record Waiter(Map<TopicPartition, Long> until, CompletableFuture<@Nullable Void> done) {}

    void start() {
        thread.start();
    }

    /**
     * Completes when everything that the topic held when it was asked has been read, also what stood behind an open
     * transaction; fails if that takes too long.
     */
    CompletableFuture<@Nullable Void> fresh() {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        ends.of(partitions).whenComplete((until, failure) -> {
            if (failure != null) {
                done.completeExceptionally(failure);
                return;
            }
            waiters.add(new Waiter(until, done));
            completeWaiters();
        });
        return done;
    }

    /** The replay as it was last heard of. */
    Optional<Replay> find(PredictionId id) {
        Known found = known.get(id);
        return found == null ? Optional.empty() : Optional.ofNullable(found.replay());
    }

    boolean isCancelRequested(PredictionId id) {
        Known found = known.get(id);
        return found != null && found.cancelRequested();
    }

    /** All of them, in no order. */
    List<Replay> all() {
        return known.values().stream().flatMap(each -> Optional.ofNullable(each.replay()).stream()).toList();
    }

    /** All of one account, in no order. */
    List<Replay> of(AccountId account) {
        return all().stream().filter(replay -> replay.request().account().equals(account)).toList();
    }

    /** Writes what a client asks. Completes when the broker has it. */
    CompletableFuture<@Nullable Void> write(ReplayRecord asked) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        producer.send(record(topics, asked), (metadata, failure) -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    /** The record that says it. */
    static ProducerRecord<String, byte[]> record(Topics topics, ReplayRecord said) {
        return new ProducerRecord<>(
                topics.replays(), topics.partitionOf(said.owner()), said.key(), Serdes.REPLAY.serialize(said));
    }

    void stop(Duration limit) throws InterruptedException {
        stopped = true;
        consumer.wakeup();
        thread.join(limit);
        producer.close(limit);
    }

    private void run() {
        try (consumer) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!stopped) {
                try {
                    consumer.poll(Duration.ofMillis(500)).forEach(this::read);
                    for (TopicPartition each : partitions) {
                        positions.set(each.partition(), consumer.position(each));
                    }
                    completeWaiters();
                } catch (RetriableException e) {
                    LOG.atWarn().addKeyValue("cause", e.getMessage()).log("waiting for Kafka");
                }
            }
        } catch (WakeupException e) {
            LOG.atDebug().log("replays are no longer read");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("replays cannot be read");
        } finally {
            waiters.forEach(waiter -> waiter.done().completeExceptionally(new IllegalStateException("not read any more")));
        }
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            ReplayRecord said = Serdes.REPLAY.deserialize(record.value());
            known.merge(said.replay(), Known.NOTHING.with(said), (before, now) -> before.with(said));
            if (said instanceof ReplayRecord.Requested) {
                forgetOld();
            }
        } catch (SerializationException e) {
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("cause", e.getMessage())
                    .log("record skipped");
        }
    }

    // As the topic does: what is kept is bounded by time and not by how many there ever were.
    private void forgetOld() {
        Instant oldest = clock.instant().minus(Topics.REPLAY_RETENTION);
        known.values().removeIf(each -> each.state() != null
                && each.state().completedAt() != null
                && each.state().completedAt().isBefore(oldest));
    }

    private void completeWaiters() {
        waiters.removeIf(waiter -> {
            boolean reached = waiter.until().entrySet().stream()
                    .allMatch(end -> positions.get(end.getKey().partition()) >= end.getValue());
            if (reached) {
                waiter.done().complete(null);
            }
            return reached || waiter.done().isDone();
        });
    }
}
