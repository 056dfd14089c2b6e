package dev.auspex.benchmarks;

import dev.auspex.protocol.topic.SnapshotHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the topics along with the services and notes when each record became readable: what a service behind the topic
 * cannot beat. Committed records only, so a snapshot counts from the end of the router's transaction. Reads on a thread
 * of its own until closed.
 */
final class TopicWatch implements AutoCloseable {

    private static final List<byte[]> ENDS = List.of(
            bytes("\"type\":\"succeeded\""), bytes("\"type\":\"failed\""), bytes("\"type\":\"canceled\""));

    /** When a prediction's records could be read, in microseconds since 1970; 0 for not seen. */
    static final class Seen {
        private long job;
        private long end;
        private long snapshot;

        /** The job. */
        long job() {
            return job;
        }

        /** The attempt's last event. */
        long end() {
            return end;
        }

        /** The first terminal snapshot. */
        long snapshot() {
            return snapshot;
        }

        boolean whole() {
            return job > 0 && end > 0 && snapshot > 0;
        }
    }

    private final KafkaConsumer<String, byte[]> consumer;
    private final String prefix;
    private final Map<String, Seen> seen = new HashMap<>();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final Thread thread;

    private TopicWatch(String bootstrapServers, String prefix) {
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.CLIENT_ID_CONFIG, "benchmark",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        this.prefix = prefix;
        this.thread = Thread.ofPlatform().name("topic-watch").daemon().unstarted(this::read);
    }

    /** Returns once it stands at the ends of the topics. */
    static TopicWatch start(String bootstrapServers, String prefix) throws InterruptedException {
        TopicWatch watch = new TopicWatch(bootstrapServers, prefix);
        watch.thread.start();
        watch.reading.await();
        return watch;
    }

    /** What was seen of a prediction; {@code null} for nothing. Only after {@link #close}. */
    @Nullable Seen of(String prediction) {
        return seen.get(prediction);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (consumer) {
            List<TopicPartition> partitions = consumer.listTopics().entrySet().stream()
                    .filter(topic -> isWatched(topic.getKey()))
                    .flatMap(topic -> topic.getValue().stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            reading.countDown();
            while (true) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    note(record, Body.micros(Instant.now()));
                }
            }
        } catch (WakeupException e) {
            // closed: nothing more to read
        } finally {
            reading.countDown();
        }
    }

    private boolean isWatched(String topic) {
        return topic.equals(prefix + "events")
                || topic.equals(prefix + "predictions")
                || (topic.startsWith(prefix + "jobs.") && !topic.equals(prefix + "jobs.dead"));
    }

    private void note(ConsumerRecord<String, byte[]> record, long now) {
        Seen entry = seen.computeIfAbsent(record.key(), ignored -> new Seen());
        if (record.topic().equals(prefix + "events")) {
            if (entry.end == 0 && ENDS.stream().anyMatch(end -> Body.contains(record.value(), end))) {
                entry.end = now;
            }
        } else if (record.topic().equals(prefix + "predictions")) {
            if (entry.snapshot == 0 && SnapshotHeaders.readFrom(record.headers()).status().isTerminal()) {
                entry.snapshot = now;
            }
        } else if (entry.job == 0) {
            entry.job = now;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
