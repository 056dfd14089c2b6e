package dev.auspex.dispatcher.log;

import dev.auspex.protocol.delivery.DeliveryHeaders;
import dev.auspex.protocol.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code delivery-results} and keeps an index of it on disk, which can be lost: it is read again from the topic.
 * Every process that keeps a log reads all partitions, outside any group, so each of them answers alone. One thread writes;
 * {@link #find} is for any thread that may block.
 */
public final class DeliveryLog {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLog.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration EXPIRY_CHECK = Duration.ofHours(1);

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Topics topics;
    private final LogStore store;
    private final Clock clock;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    /**
     * @param consumers makes readers outside of any group; another one after a failure
     * @param folder for the index
     * @throws IOException if the folder cannot be used
     */
    public DeliveryLog(Supplier<Consumer<String, byte[]>> consumers, Topics topics, Path folder, Clock clock)
            throws IOException {
        this.consumers = consumers;
        this.topics = topics;
        this.clock = clock;
        this.store = LogStore.open(folder);
        this.thread = Thread.ofPlatform().name("webhook-log").daemon().unstarted(this::run);
    }

    /** Begins following. */
    public void start() {
        thread.start();
    }

    /** Looks entries up. Blocks for as long as the disk takes. */
    public LogPage find(LogQuery query) {
        return store.find(query);
    }

    /** Ends. */
    public void stop(Duration limit) throws InterruptedException {
        stopped.countDown();
        if (thread.isAlive()) {
            thread.join(limit);
        }
        if (!thread.isAlive()) {
            store.close(); // otherwise the thread may still write: the process is about to end anyway
        }
    }

    private boolean stopping() {
        return stopped.getCount() == 0;
    }

    private void run() {
        while (!stopping()) {
            try (Consumer<String, byte[]> consumer = consumers.get()) {
                follow(consumer);
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("following delivery results failed, beginning again");
                pauseAfterFailure();
            }
        }
    }

    private void pauseAfterFailure() {
        try {
            stopped.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }

    private void follow(Consumer<String, byte[]> consumer) {
        List<TopicPartition> partitions = IntStream.range(0, topics.settings().partitions())
                .mapToObj(partition -> new TopicPartition(topics.deliveryResults(), partition))
                .toList();
        consumer.assign(partitions);
        // What retention has removed since is skipped: the consumer then begins with the oldest record there is.
        partitions.forEach(partition -> consumer.seek(partition, store.read(partition.partition())));
        long nextExpiry = clock.millis();
        while (!stopping()) {
            ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                keep(records, consumer);
            }
            if (clock.millis() >= nextExpiry) {
                nextExpiry = clock.millis() + EXPIRY_CHECK.toMillis();
                store.expire(LocalDate.ofInstant(
                        clock.instant().minus(Topics.DELIVERY_LOG_RETENTION), ZoneOffset.UTC));
            }
        }
    }

    private void keep(ConsumerRecords<String, byte[]> records, Consumer<String, byte[]> consumer) {
        List<LogEntry> entries = new ArrayList<>(records.count());
        Map<LogPosition, byte[]> json = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            LogEntry entry = entry(record);
            if (entry != null) {
                entries.add(entry);
                json.put(entry.position(), DeliveryHeaders.resultBytes(record.headers()));
            }
        }
        Map<Integer, Long> read = new HashMap<>();
        records.partitions().forEach(
                partition -> read.put(partition.partition(), consumer.position(partition)));
        store.write(entries, json, read);
    }

    private static @Nullable LogEntry entry(ConsumerRecord<String, byte[]> record) {
        try {
            return new LogEntry(
                    new LogPosition(Math.max(0, record.timestamp()), record.partition(), record.offset()),
                    DeliveryHeaders.readResult(record.headers()));
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("result cannot be read and is left out of the log");
            return null;
        }
    }
}
