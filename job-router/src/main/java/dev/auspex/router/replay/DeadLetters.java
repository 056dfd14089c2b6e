package dev.auspex.router.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Jobs that were given up. There are few, so the topic is read anew for every question: nothing to keep, nothing to keep
 * up to date. Safe for any thread.
 */
public final class DeadLetters {

    /** How many of an account are shown: the newest. */
    static final int MAX_SHOWN = 100;
    private static final int READERS = 2;
    private static final int WAITING = 16;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final KafkaClients kafka;
    private final Topics topics;
    private final DeadTopic topic;
    private final Clock clock;
    private final ExecutorService readers = new ThreadPoolExecutor(
            READERS, READERS, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("dead-letters-", 0).daemon().factory());

    /** Reads nothing before it is asked. */
    public DeadLetters(ServiceContext context) {
        this.kafka = context.kafka();
        this.topics = context.topics();
        this.topic = DeadTopic.of(context);
        this.clock = context.clock();
    }

    /** The account's, newest first, as the API shows them. Fails with {@link RejectedExecutionException} if too many ask. */
    public CompletableFuture<List<ObjectNode>> of(AccountId account) {
        List<Integer> all = IntStream.range(0, topics.settings().partitions()).boxed().toList();
        return ask(() -> read(all, job -> job.account().equals(account)));
    }

    /** One of the account's. */
    public CompletableFuture<Optional<ObjectNode>> find(AccountId account, PredictionId id) {
        return ask(() -> read(List.of(topics.partitionOf(id)), job -> job.account().equals(account) && job.id().equals(id)))
                .thenApply(found -> found.stream().findFirst());
    }

    /** Ends what reads. */
    public void stop() {
        readers.shutdownNow();
    }

    private <T> CompletableFuture<T> ask(Supplier<T> question) {
        try {
            return CompletableFuture.supplyAsync(question, readers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private record Letter(Instant time, ObjectNode json) {}

    private List<ObjectNode> read(List<Integer> where, Predicate<Job> wanted) {
        List<TopicPartition> partitions =
                where.stream().map(partition -> new TopicPartition(topic.name(), partition)).toList();
        KafkaConsumer<String, byte[]> consumer = kafka.consumer("router-dead-letters", Map.of());
        PriorityQueue<Letter> newest = new PriorityQueue<>(Comparator.comparing(Letter::time));
        long limit = System.nanoTime() + LIMIT_NANOS;
        try (RangeReader reader = new RangeReader(consumer, ranges(consumer, partitions))) {
            while (!reader.isDone() && System.nanoTime() < limit && !Thread.currentThread().isInterrupted()) {
                ConsumerRecord<String, byte[]> record = reader.next();
                DeadJob dead = record == null ? null : topic.read(record);
                if (dead != null && wanted.test(dead.job())) {
                    newest.add(new Letter(dead.time(), json(dead, topic.isDataGone(dead, clock.instant()))));
                    if (newest.size() > MAX_SHOWN) {
                        newest.poll();
                    }
                }
            }
        }
        return newest.stream().sorted(Comparator.comparing(Letter::time).reversed()).map(Letter::json).toList();
    }

    private static Map<TopicPartition, RangeReader.Range> ranges(
            KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
        Map<TopicPartition, RangeReader.Range> ranges = new HashMap<>();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.beginningOffsets(partitions).forEach((partition, begin) -> ranges.put(
                partition, new RangeReader.Range(begin, ends.getOrDefault(partition, begin))));
        return ranges;
    }

    private static ObjectNode json(DeadJob dead, boolean dataRemoved) {
        Job job = dead.job();
        ObjectNode json = Json.object()
                .put("id", job.id().value())
                .put("model", job.model().toString())
                .put("version", job.version().value())
                .put("hardware", job.hardware().value())
                .put("cause", dead.cause());
        json.set("attempts", Json.tree(dead.attempts()));
        json.set("input", dataRemoved ? Json.object() : job.input());
        json.put("data_removed", dataRemoved);
        json.put("created_at", job.createdAt().toString());
        json.put("died_at", dead.time().toString());
        json.putObject("urls")
                .put("get", job.urls().get())
                .put("requeue", job.baseUrl() + "/v1/dead/" + job.id() + "/requeue");
        return json;
    }
}
