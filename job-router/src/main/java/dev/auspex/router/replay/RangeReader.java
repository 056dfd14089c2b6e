package dev.auspex.router.replay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads given ranges of partitions record by record and knows how far it has come. One thread. */
public final class RangeReader implements AutoCloseable {

    private static final Duration WAIT = Duration.ofMillis(200);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<TopicPartition, Part> parts = new HashMap<>();
    private final Set<Part> open = new HashSet<>();
    private final ArrayDeque<TopicPartition> polled = new ArrayDeque<>();
    private ConsumerRecords<String, byte[]> batch = ConsumerRecords.empty();
    private Iterator<ConsumerRecord<String, byte[]>> records = Collections.emptyIterator();
    private @Nullable Part current;

    /**
     * @param consumer of committed records; closed with this
     * @param ranges what to read of each partition
     */
    public RangeReader(KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Range> ranges) {
        this.consumer = consumer;
        ranges.forEach((partition, range) -> parts.put(partition, new Part(partition, range)));
        consumer.assign(ranges.keySet());
        for (Part part : parts.values()) {
            consumer.seek(part.partition, part.next);
            if (part.next < part.end) {
                open.add(part);
            } else {
                consumer.pause(Set.of(part.partition));
            }
        }
    }

    /** From an offset up to another one that is not wanted any more. */
    public record Range(long from, long end) {}

    private static final class Part {
        private final TopicPartition partition;
        private final long end;
        private long next;

        Part(TopicPartition partition, Range range) {
            this.partition = partition;
            this.end = range.end();
            this.next = range.from();
        }
    }

    /** The next record; {@code null} if there is none at the moment, or none any more. May wait a moment. */
    public @Nullable ConsumerRecord<String, byte[]> next() {
        while (true) {
            Part part = current;
            if (part != null && records.hasNext()) {
                ConsumerRecord<String, byte[]> record = records.next();
                if (record.offset() < part.end) {
                    part.next = record.offset() + 1;
                    return record;
                }
                part.next = part.end;
                records = Collections.emptyIterator();
            }
            TopicPartition following = polled.poll();
            if (following != null) {
                current = parts.get(following);
                records = batch.records(following).iterator();
            } else if (!records.hasNext() && !poll()) {
                return null;
            }
        }
    }

    // Returns whether there is anything to go on with.
    private boolean poll() {
        current = null;
        settle();
        if (open.isEmpty()) {
            return false;
        }
        batch = consumer.poll(WAIT);
        polled.addAll(batch.partitions());
        if (batch.isEmpty()) {
            settle();
            return false;
        }
        return true;
    }

    // Everything polled has been handed out, so the consumer's places are ours: they also pass what holds no records,
    // such as the marks of transactions and what compaction has removed.
    private void settle() {
        for (Iterator<Part> each = open.iterator(); each.hasNext();) {
            Part part = each.next();
            long position = consumer.position(part.partition);
            part.next = Math.min(position, part.end);
            if (position >= part.end) {
                consumer.pause(Set.of(part.partition));
                each.remove();
            }
        }
    }

    /** Whether the ranges have been read to their ends. */
    public boolean isDone() {
        return open.isEmpty() && !records.hasNext() && polled.isEmpty();
    }

    /** The first offset that was not handed out, of a partition of the ranges. */
    long position(TopicPartition partition) {
        return Objects.requireNonNull(parts.get(partition)).next;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
