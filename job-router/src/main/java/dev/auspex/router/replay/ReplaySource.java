package dev.auspex.router.replay;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.replay.ReplayFilter;
import dev.auspex.protocol.replay.ReplayPosition;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.replay.RangeReader.Range;
import dev.auspex.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * The topics a replay reads, and which part of them. Safe for any thread; the readers it makes are not.
 *
 * @param kafka makes consumers
 * @param topics their names
 * @param ends where they end
 * @param dead what is in one of them
 */
record ReplaySource(KafkaClients kafka, Topics topics, Ends ends, DeadTopic dead) {

    /** How much the clocks of gateways, executors and the broker may differ. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(10);

    /** What a filter can find now, up to the newest committed record. */
    List<ReplayPosition> range(ReplayFilter filter) {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(filter);
            Map<TopicPartition, Long> until = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> from = beginnings(consumer, partitions, since(filter));
            List<ReplayPosition> range = new ArrayList<>();
            for (TopicPartition each : partitions) {
                long end = until.getOrDefault(each, 0L);
                long begin = Math.min(from.getOrDefault(each, end), end);
                range.add(new ReplayPosition(
                        each.partition(), begin, begin, end, each.topic().equals(topics.deadJobs())));
            }
            return range;
        }
    }

    /** Reads snapshots and dead jobs from where a replay stands. */
    RangeReader rest(List<ReplayPosition> positions) {
        return new RangeReader(consumer(), ranges(positions, each -> new Range(each.next(), each.end())));
    }

    /** Reads a replay's whole range of snapshots. */
    RangeReader allSnapshots(List<ReplayPosition> positions) {
        List<ReplayPosition> snapshots = positions.stream().filter(each -> !each.dead()).toList();
        return new RangeReader(consumer(), ranges(snapshots, each -> new Range(each.from(), each.end())));
    }

    /** Reads the jobs that earlier replays of anything the filter takes may have submitted, all of them that there are. */
    RangeReader submitted(ReplayFilter filter) {
        Stream<String> names = Stream.concat(topics.allRetries().stream(), Stream.of(topics.heldJobs()));
        return everything(names.flatMap(this::all).toList(), filter);
    }

    /** Reads the dead jobs that a filter may take and the marks of those that were submitted again, all that there are. */
    RangeReader deadJobs(ReplayFilter filter) {
        return everything(
                filter.ids().isEmpty()
                        ? all(topics.deadJobs()).toList()
                        : idPartitions(filter).map(each -> new TopicPartition(topics.deadJobs(), each)).toList(),
                filter);
    }

    // What was being written when the question came is waited for.
    private RangeReader everything(List<TopicPartition> partitions, ReplayFilter filter) {
        Map<TopicPartition, Long> until = await(partitions);
        KafkaConsumer<String, byte[]> consumer = consumer();
        try {
            Map<TopicPartition, Long> from = beginnings(consumer, partitions, since(filter));
            Map<TopicPartition, Range> ranges = new HashMap<>();
            until.forEach((partition, end) ->
                    ranges.put(partition, new Range(Math.min(from.getOrDefault(partition, end), end), end)));
            return new RangeReader(consumer, ranges);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    TopicPartition partition(ReplayPosition position) {
        return new TopicPartition(position.dead() ? topics.deadJobs() : topics.predictions(), position.partition());
    }

    private Map<TopicPartition, Range> ranges(List<ReplayPosition> positions, Function<ReplayPosition, Range> range) {
        return positions.stream().collect(Collectors.toMap(this::partition, range));
    }

    // Without ids, every partition of the snapshots; with ids, theirs, and the dead letters that may be all that is left.
    private List<TopicPartition> partitions(ReplayFilter filter) {
        return filter.ids().isEmpty()
                ? all(topics.predictions()).toList()
                : Stream.of(topics.predictions(), topics.deadJobs())
                        .flatMap(topic -> idPartitions(filter).map(each -> new TopicPartition(topic, each)))
                        .toList();
    }

    private Stream<Integer> idPartitions(ReplayFilter filter) {
        return filter.ids().stream().map(topics::partitionOf).distinct().sorted();
    }

    // Nothing is said of a prediction before it exists.
    private static @Nullable Instant since(ReplayFilter filter) {
        Instant after = filter.createdAfter();
        Instant oldest = filter.ids().stream().min(PredictionId::compareTo).map(PredictionId::createdAt).orElse(null);
        Instant since = after == null || (oldest != null && oldest.isAfter(after)) ? oldest : after;
        return since == null ? null : since.minus(CLOCK_TOLERANCE);
    }

    private static Map<TopicPartition, Long> beginnings(
            KafkaConsumer<String, byte[]> consumer, Collection<TopicPartition> partitions, @Nullable Instant since) {
        Map<TopicPartition, Long> begin = new HashMap<>(consumer.beginningOffsets(partitions));
        if (since != null) {
            Map<TopicPartition, Long> times =
                    partitions.stream().collect(Collectors.toMap(each -> each, each -> Math.max(0, since.toEpochMilli())));
            Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
            begin.replaceAll((partition, first) -> {
                OffsetAndTimestamp at = found.get(partition);
                return at == null ? Long.MAX_VALUE : Math.max(first, at.offset());
            });
        }
        return begin;
    }

    private Stream<TopicPartition> all(String topic) {
        return IntStream.range(0, topics.settings().partitions()).mapToObj(each -> new TopicPartition(topic, each));
    }

    private Map<TopicPartition, Long> await(List<TopicPartition> partitions) {
        try {
            return ends.of(partitions).get(15, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new RetriableException("Kafka does not say where its topics end", e) {
                private static final long serialVersionUID = 1L;
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return kafka.consumer("router-replay", Map.of(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 2 << 20));
    }
}
