package dev.auspex.dispatcher.kafka;

import dev.auspex.dispatcher.delivery.DeliveryLoop;
import dev.auspex.dispatcher.delivery.Endpoints;
import dev.auspex.dispatcher.delivery.Snapshot;
import dev.auspex.dispatcher.domain.OpenOffsets;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code predictions} on one thread and hands what webhooks asked for to the delivery loop. An offset is committed
 * when its delivery has been settled or is safe with the scheduler; reading pauses while too much is open.
 */
public final class FirstAttempts {

    /** How much may be read and not settled. */
    public record Bounds(int records, long bytes) {}

    /**
     * Where snapshots come from and who is told.
     *
     * @param topic of the snapshots
     * @param endpoints that are told beside the predictions' own webhooks
     */
    public record Source(String topic, Endpoints endpoints) {}

    private static final Logger LOG = LoggerFactory.getLogger(FirstAttempts.class);
    private static final Duration BUSY_POLL = Duration.ofMillis(20);
    private static final Duration IDLE_POLL = Duration.ofMillis(500);
    private static final long COMMIT_NANOS = 40_000_000;
    private static final long REVOKE_SECONDS = 5;

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Source source;
    private final DeliveryLoop loop;
    private final Bounds bounds;
    private final Map<TopicPartition, OwnedPartition> owned = new HashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch settled = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean joined;
    private long lastCommit = System.nanoTime();
    private boolean paused;

    /** @param consumers makes members of the group; another one after a failure */
    public FirstAttempts(
            Supplier<Consumer<String, byte[]>> consumers, Source source, DeliveryLoop loop, Bounds bounds) {
        this.consumers = consumers;
        this.source = source;
        this.loop = loop;
        this.bounds = bounds;
        this.thread = Thread.ofPlatform().name("webhook-first").unstarted(this::run);
    }

    /** Begins reading. */
    public void start() {
        thread.start();
    }

    /** Whether it is a member of the group with its partitions known. */
    public boolean ready() {
        return joined;
    }

    /** Stops reading; what was read goes on. */
    public void stopReading() {
        stopped.countDown(); // no wake-up: it could hit the last commit
    }

    /** To be called when everything under way is settled: commits and leaves. */
    public void close(Duration limit) throws InterruptedException {
        stopReading();
        settled.countDown();
        thread.join(limit);
    }

    private boolean stopping() {
        return stopped.getCount() == 0;
    }

    private void run() {
        while (!stopping()) {
            try (Consumer<String, byte[]> consumer = consumers.get()) {
                read(consumer);
                leave(consumer);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("reading snapshots failed, beginning again");
                forget(owned.keySet());
                pauseAfterFailure();
            }
            joined = false;
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

    private void read(Consumer<String, byte[]> consumer) {
        paused = false;
        consumer.subscribe(List.of(source.topic()), new Rebalance(consumer));
        while (!stopping()) {
            hand(consumer, consumer.poll(busy() ? BUSY_POLL : IDLE_POLL));
            if (System.nanoTime() - lastCommit > COMMIT_NANOS) {
                commit(consumer);
            }
            balance(consumer);
        }
    }

    private boolean busy() {
        return owned.values().stream().anyMatch(OwnedPartition::busy);
    }

    private void hand(Consumer<String, byte[]> consumer, ConsumerRecords<String, byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            OwnedPartition mine = owned.get(partition);
            if (mine != null) {
                List<Snapshot> snapshots = mine.take(records.records(partition));
                mine.ledger().advance(consumer.position(partition));
                if (!snapshots.isEmpty()) {
                    loop.offer(mine.work(), snapshots);
                }
            }
        }
    }

    private void commit(Consumer<String, byte[]> consumer) {
        lastCommit = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> offsets = toCommit(owned.keySet());
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, (committed, failure) -> {
                if (failure != null) {
                    LOG.atDebug().setCause(failure).log("offsets not committed, next time");
                    committed.keySet().forEach(this::commitFailed);
                }
            });
        }
    }

    private void commitFailed(TopicPartition partition) {
        OwnedPartition mine = owned.get(partition);
        if (mine != null) {
            mine.commitFailed();
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> toCommit(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OwnedPartition mine = owned.get(partition);
            if (mine != null) {
                mine.toCommit().ifPresent(offset -> offsets.put(partition, offset));
            }
        }
        return offsets;
    }

    private void balance(Consumer<String, byte[]> consumer) {
        int records = 0;
        long bytes = 0;
        for (OwnedPartition partition : owned.values()) {
            records += partition.ledger().open();
            bytes += partition.ledger().openBytes();
        }
        if (!paused && (records >= bounds.records() || bytes >= bounds.bytes())) {
            paused = true;
            consumer.pause(consumer.assignment());
        } else if (paused && records <= bounds.records() / 2 && bytes <= bounds.bytes() / 2) {
            paused = false;
            consumer.resume(consumer.paused());
        }
    }

    private void leave(Consumer<String, byte[]> consumer) throws InterruptedException {
        settled.await();
        commitNow(consumer, owned.keySet());
        owned.clear();
    }

    private void commitNow(Consumer<String, byte[]> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = toCommit(partitions);
        try {
            if (!offsets.isEmpty()) {
                consumer.commitSync(offsets, Duration.ofSeconds(REVOKE_SECONDS));
            }
        } catch (KafkaException e) {
            LOG.atWarn().setCause(e).log("offsets not committed; what they cover is sent again with the same ids");
        }
    }

    private List<Future<Void>> forget(Collection<TopicPartition> partitions) {
        List<Future<Void>> released = new ArrayList<>();
        for (TopicPartition partition : List.copyOf(partitions)) {
            OwnedPartition mine = owned.remove(partition);
            if (mine != null) {
                released.add(loop.release(mine.work()));
            }
        }
        return released;
    }

    /** Runs inside {@code poll}, on the reading thread. */
    private final class Rebalance implements ConsumerRebalanceListener {
        private final Consumer<String, byte[]> consumer;

        private Rebalance(Consumer<String, byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata offset = committed.get(partition);
                OpenOffsets before = offset == null
                        ? new OpenOffsets(0, 0, List.of())
                        : OpenOffsets.decode(offset.offset(), offset.metadata());
                owned.put(partition, new OwnedPartition(loop.assign(), source.endpoints(), before));
            }
            if (paused) {
                consumer.pause(partitions);
            }
            joined = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            List<OwnedPartition> leaving = partitions.stream().map(owned::get).filter(mine -> mine != null).toList();
            try {
                Future.all(leaving.stream().map(mine -> loop.release(mine.work())).toList())
                        .await(REVOKE_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                LOG.atInfo().log("partitions leave with deliveries under way; their next owner repeats them");
            }
            commitNow(consumer, partitions);
            forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            forget(partitions);
        }
    }
}
