package dev.auspex.runtime.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of one topic, outside any group, on one thread of its own: how processes follow what concerns all
 * of them (catalogue, commands, live events).
 */
public final class TopicTail {

    /** Where a tail begins. */
    public enum From {
        /** With the oldest record that is still there. */
        BEGINNING,
        /** With what comes after the start. */
        END
    }

    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);

    private final KafkaConsumer<String, byte[]> consumer;
    private final String topic;
    private final int partitions;
    private final From from;
    private final Consumer<ConsumerRecord<String, byte[]>> handler;
    private final CompletableFuture<@Nullable Void> caughtUp = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * @param handler called on the tail's thread; what it throws is logged and the record skipped
     */
    public TopicTail(
            KafkaConsumer<String, byte[]> consumer,
            String topic,
            int partitions,
            From from,
            Consumer<ConsumerRecord<String, byte[]>> handler) {
        this.consumer = consumer;
        this.topic = topic;
        this.partitions = partitions;
        this.from = from;
        this.handler = handler;
        this.thread = Thread.ofPlatform().name("tail-" + topic).daemon().unstarted(this::run);
    }

    /** Begins reading. */
    public void start() {
        thread.start();
    }

    /** Completes when everything that was there at the start has been handled. */
    public CompletableFuture<@Nullable Void> caughtUp() {
        return caughtUp;
    }

    /** Whether everything that was there at the start has been handled. */
    public boolean isCaughtUp() {
        return caughtUp.isDone() && !caughtUp.isCompletedExceptionally();
    }

    /** Completes when reading has ended: normally after {@link #stop}, else with what went wrong. */
    public CompletableFuture<@Nullable Void> ended() {
        return ended;
    }

    /** Ends the thread and closes the consumer. */
    public void stop(Duration limit) throws InterruptedException {
        stopped = true;
        consumer.wakeup();
        thread.join(limit);
    }

    private void run() {
        try (consumer) {
            List<TopicPartition> all = java.util.stream.IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            if (from == From.BEGINNING) {
                consumer.seekToBeginning(all);
            } else {
                consumer.seekToEnd(all);
            }
            Map<TopicPartition, Long> ends = null;
            while (!stopped) {
                try {
                    ends = ends == null ? consumer.endOffsets(all) : ends;
                    if (!caughtUp.isDone() && reached(ends)) {
                        caughtUp.complete(null);
                    }
                    consumer.poll(Duration.ofMillis(500)).forEach(this::handle);
                } catch (RetriableException e) {
                    // The look-ups of offsets give up after a minute; a tail lives as long as its process.
                    LOG.atWarn().addKeyValue("topic", topic).addKeyValue("cause", e.getMessage()).log("waiting for Kafka");
                }
            }
        } catch (WakeupException e) {
            LOG.atDebug().addKeyValue("topic", topic).log("tail stopped");
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("topic", topic).setCause(e).log("tail ended");
            caughtUp.completeExceptionally(e);
            ended.completeExceptionally(e);
        } finally {
            ended.complete(null);
        }
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void handle(ConsumerRecord<String, byte[]> record) {
        try {
            handler.accept(record);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .setCause(e)
                    .log("record skipped");
        }
    }
}
