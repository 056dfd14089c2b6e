package dev.auspex.router.usage;

import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.protocol.usage.UsageRow;
import dev.auspex.protocol.usage.UsageTotal;
import dev.auspex.router.query.UsageQuery;
import dev.auspex.router.query.UsageRecount;
import dev.auspex.router.replay.RangeReader;
import dev.auspex.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Reads the {@code usage} topic from the first day asked for to its end, one question at a time. Safe for any thread. */
public final class UsageTopic implements UsageRecount {

    private static final int WAITING = 4;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Days are told by executors' clocks, records carry the broker's. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofDays(1);

    private final KafkaClients kafka;
    private final Topics topics;
    private final ExecutorService reader = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("usage-recount").daemon().factory());

    /** Reads nothing before it is asked. */
    public UsageTopic(KafkaClients kafka, Topics topics) {
        this.kafka = kafka;
        this.topics = topics;
    }

    @Override
    public CompletableFuture<List<UsageRow>> count(UsageQuery query) {
        try {
            return CompletableFuture.supplyAsync(() -> read(query), reader);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Ends what reads. */
    public void stop() {
        reader.shutdownNow();
    }

    private List<UsageRow> read(UsageQuery query) {
        IntStream partitions = query.account() == null
                ? IntStream.range(0, topics.settings().partitions())
                : IntStream.of(topics.partitionOf(query.account()));
        List<TopicPartition> wanted =
                partitions.mapToObj(partition -> new TopicPartition(topics.usage(), partition)).toList();
        Map<UsageRow.Key, UsageTotal> totals = new TreeMap<>();
        long limit = System.nanoTime() + LIMIT.toNanos();
        KafkaConsumer<String, byte[]> consumer = kafka.consumer("router-usage", Map.of());
        try (RangeReader records = new RangeReader(consumer, ranges(consumer, wanted, query.from()))) {
            while (!records.isDone()) {
                if (System.nanoTime() > limit || Thread.currentThread().isInterrupted()) {
                    throw new CompletionException(new TimeoutException("not read within " + LIMIT));
                }
                ConsumerRecord<String, byte[]> record = records.next();
                if (record != null) {
                    UsageRow row = Serdes.USAGE.deserialize(record.value()).row();
                    if (isWanted(row.key(), query)) {
                        totals.merge(row.key(), row.total(), UsageTotal::plus);
                    }
                }
            }
        }
        return totals.entrySet().stream().map(entry -> new UsageRow(entry.getKey(), entry.getValue())).toList();
    }

    private static boolean isWanted(UsageRow.Key key, UsageQuery query) {
        return (query.account() == null || key.account().equals(query.account()))
                && !key.day().isBefore(query.from())
                && !key.day().isAfter(query.to());
    }

    private static Map<TopicPartition, RangeReader.Range> ranges(
            KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions, LocalDate from) {
        long begin = from.atStartOfDay(ZoneOffset.UTC).toInstant().minus(CLOCK_TOLERANCE).toEpochMilli();
        Map<TopicPartition, Long> times =
                partitions.stream().collect(Collectors.toMap(each -> each, each -> Math.max(0, begin)));
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
        Map<TopicPartition, RangeReader.Range> ranges = new HashMap<>();
        consumer.endOffsets(partitions).forEach((partition, end) -> {
            OffsetAndTimestamp start = starts.get(partition);
            ranges.put(partition, new RangeReader.Range(start == null ? end : start.offset(), end));
        });
        return ranges;
    }
}
