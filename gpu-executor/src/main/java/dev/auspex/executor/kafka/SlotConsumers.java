package dev.auspex.executor.kafka;

import dev.auspex.executor.domain.Pace.Gear;
import dev.auspex.runtime.kafka.BrokerLink;
import dev.auspex.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A slot's members of the share group, one per gear, because how many records a poll takes is fixed when a consumer is
 * made. Only the slot's polling thread.
 */
final class SlotConsumers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlotConsumers.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    /** Until a new member has its partitions; before that a poll would find nothing. */
    private static final long JOIN_NANOS = Duration.ofMillis(2500).toNanos();
    /** A larger fetch makes the broker read far more than one record needs: 8,286 against 173 records a second. */
    private static final int SINGLE_FETCH_BYTES = 16 * 1024;
    private static final int BATCH_FETCH_BYTES = 512 * 1024;

    private final KafkaClients kafka;
    private final String clientId;
    private final String group;
    private final List<String> topics;
    private final int batchSize;
    private @Nullable KafkaShareConsumer<String, byte[]> single;
    private @Nullable BrokerLink link;
    private @Nullable KafkaShareConsumer<String, byte[]> batch;
    private long batchSince;

    /**
     * @param topics all topics the group reads
     * @param batchSize records of a batch; 1 for no batches
     */
    SlotConsumers(KafkaClients kafka, String clientId, String group, List<String> topics, int batchSize) {
        this.kafka = kafka;
        this.clientId = clientId;
        this.group = group;
        this.topics = List.copyOf(topics);
        this.batchSize = batchSize;
    }

    /** The consumer of a gear, made if need be. */
    KafkaShareConsumer<String, byte[]> of(Gear gear) {
        return switch (gear) {
            case SINGLE -> {
                if (single == null) {
                    single = open("single", 1, SINGLE_FETCH_BYTES);
                    link = new BrokerLink(single.metrics());
                    reopenBatch();
                }
                yield single;
            }
            case BATCH -> {
                if (batch == null) {
                    reopenBatch();
                }
                yield java.util.Objects.requireNonNull(batch, "this slot has no batches");
            }
        };
    }

    /** Whether polling makes sense: this is a member of the group, or there is a broker to become one. */
    boolean canPoll() {
        return single != null || kafka.isReachable();
    }

    /** Whether batches can be had at once. */
    boolean batchReady(long nanoTime) {
        return batch != null && nanoTime - batchSince > JOIN_NANOS;
    }

    /**
     * Gives back what a fetch that is still under way may bring to the batch consumer, which is not polled for a while:
     * such records would stay locked.
     */
    void reopenBatch() {
        if (batchSize <= 1) {
            return;
        }
        KafkaShareConsumer<String, byte[]> old = batch;
        batch = null;
        close(old, CLOSE_LIMIT);
        batch = open("batch", batchSize, BATCH_FETCH_BYTES);
        batchSince = System.nanoTime();
    }

    /** Whether no broker can be reached any more. While it holds no records, a slot should then begin anew. */
    boolean isCut(long nanoTime) {
        return link != null && link.isCut(nanoTime);
    }

    /** Whether no broker has been reached for so long. For a slot that holds records. */
    boolean isCut(long nanoTime, Duration patience) {
        return link != null && link.isCut(nanoTime, patience);
    }

    /** Leaves without saying so: there is nobody to be told. */
    void drop() {
        close(single, Duration.ZERO);
        close(batch, Duration.ZERO);
        single = null;
        batch = null;
        link = null;
    }

    private KafkaShareConsumer<String, byte[]> open(String kind, int records, int fetchBytes) {
        KafkaShareConsumer<String, byte[]> consumer = kafka.shareConsumer(
                clientId + "-" + kind,
                group,
                records,
                Map.of(
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchBytes,
                        // The other gear may run for days.
                        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Integer.MAX_VALUE));
        consumer.setAcknowledgementCommitCallback(this::acknowledged);
        consumer.subscribe(topics);
        return consumer;
    }

    // Of acknowledgements that went with a poll.
    private void acknowledged(Map<TopicIdPartition, Set<Long>> offsets, @Nullable Exception failure) {
        if (failure != null) {
            LOG.atWarn()
                    .addKeyValue("client", clientId)
                    .addKeyValue("records", offsets.values().stream().mapToInt(Set::size).sum())
                    .addKeyValue("cause", failure.getMessage())
                    .log(failure instanceof InvalidRecordStateException
                            ? "acknowledgement refused: the lock was lost"
                            : "acknowledgement failed");
        }
    }

    @Override
    public void close() {
        close(single, CLOSE_LIMIT);
        close(batch, CLOSE_LIMIT);
        single = null;
        batch = null;
        link = null;
    }

    private static void close(@Nullable KafkaShareConsumer<String, byte[]> consumer, Duration limit) {
        if (consumer != null) {
            try {
                consumer.close(limit);
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("share consumer not closed cleanly");
            }
        }
    }
}
