package dev.auspex.router.kafka;

import dev.auspex.protocol.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes "there is no such prediction" true: before that is said, everything that was in the jobs and retries topics when
 * the question came has been processed. What has once been made sure is remembered, so questions for old ids cost nothing,
 * and questions that come together share one look-up. (Two kinds of ids are older than their jobs: those of replays, which
 * nobody is promised before they are met here, and those that a gateway makes in place of one that died, which says so only
 * when it has found the prediction here.) Safe for any thread.
 */
public final class ReadIndex {

    private static final Logger LOG = LoggerFactory.getLogger(ReadIndex.class);
    private static final Duration LIMIT = Duration.ofSeconds(3);
    /** How much the clocks of gateways and of this machine may differ: an id's time is a gateway's. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);
    /** The store shows nothing new for so long: perhaps the rest of the partition holds no records. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final List<String> queues;
    private final JobOffsets offsets;
    private final Clock clock;
    private final List<JobsProgress> progress = new ArrayList<>();
    private final List<SharedLookup<long[]>> ends = new ArrayList<>();
    private final Executor later = CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);

    /** @param offsets asks the broker */
    public ReadIndex(Topics topics, JobOffsets offsets, Clock clock) {
        this.queues = topics.allQueues();
        this.offsets = offsets;
        this.clock = clock;
        for (int partition = 0; partition < topics.settings().partitions(); partition++) {
            List<TopicPartition> parts = parts(partition);
            progress.add(new JobsProgress(queues.size()));
            ends.add(new SharedLookup<>(() -> offsets.ends(parts).thenApply(found -> inOrder(parts, found))));
        }
    }

    /** A task begins with this partition. Its thread. */
    JobsProgress assigned(int partition) {
        JobsProgress mine = progress.get(partition);
        int generation = mine.reset();
        // Where the task goes on from, read while nobody else can have the partition.
        raiseFloor(partition, generation);
        return mine;
    }

    /** Completes when all jobs of the partition that are in the topics now have been processed; false if not in time. */
    public CompletableFuture<Boolean> caughtUp(int partition, Instant idTime) {
        JobsProgress mine = progress.get(partition);
        if (mine.completeAsOf().isAfter(idTime.plus(CLOCK_TOLERANCE))) {
            return CompletableFuture.completedFuture(true);
        }
        Instant asked = clock.instant();
        int generation = mine.generation();
        return ends.get(partition).ask()
                .thenCompose(until -> wait(partition, generation, until))
                .completeOnTimeout(false, LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((ok, failure) -> {
                    if (Boolean.TRUE.equals(ok)) {
                        mine.completeAsOf(asked, generation);
                    }
                });
    }

    private CompletableFuture<Boolean> wait(int partition, int generation, long[] until) {
        CompletableFuture<Boolean> reached = progress.get(partition).reached(until);
        watch(partition, generation, reached);
        return reached.completeOnTimeout(false, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    // The end of a partition can be a transaction marker, which no processor ever sees; the commits go past it.
    private void watch(int partition, int generation, CompletableFuture<Boolean> reached) {
        later.execute(() -> {
            if (!reached.isDone()) {
                raiseFloor(partition, generation);
                watch(partition, generation, reached);
            }
        });
    }

    private void raiseFloor(int partition, int generation) {
        List<TopicPartition> parts = parts(partition);
        offsets.committed(parts).whenComplete((committed, failure) -> {
            if (failure != null) {
                LOG.atDebug().addKeyValue("partition", partition).setCause(failure).log("offsets not read");
                return;
            }
            for (int topic = 0; topic < parts.size(); topic++) {
                Long offset = committed.get(parts.get(topic));
                if (offset != null) {
                    progress.get(partition).floor(topic, offset, generation);
                }
            }
        });
    }

    private List<TopicPartition> parts(int partition) {
        return queues.stream().map(topic -> new TopicPartition(topic, partition)).toList();
    }

    private static long[] inOrder(List<TopicPartition> parts, Map<TopicPartition, Long> found) {
        Map<TopicPartition, Long> all = new HashMap<>(found);
        return parts.stream().mapToLong(part -> all.getOrDefault(part, 0L)).toArray();
    }
}
