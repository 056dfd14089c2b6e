package dev.auspex.executor.kafka;

import dev.auspex.executor.domain.Pace;
import dev.auspex.executor.domain.Pace.Gear;
import dev.auspex.executor.domain.Retry;
import dev.auspex.executor.run.Attempt;
import dev.auspex.executor.run.RunningJobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One slot: runs one job at a time. Its polling thread owns the share consumers, keeps the locks of what runs and
 * acknowledges what is done; its working thread runs models. {@link #run} is the polling thread's body; the other public
 * methods are for any thread.
 */
final class ShareSlot implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ShareSlot.class);
    /** Short, so that stopping needs no wake-up, which could strike an acknowledgement instead of a poll. */
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(15);
    /** A job that ends sooner is not announced: its end tells everything, and three records are saved. */
    private static final long MOMENT_NANOS = Duration.ofMillis(3).toNanos();
    private static final long WATCH_NANOS = Duration.ofMillis(10).toNanos();
    /** The rest of a batch goes back after so long even if every job of it is quick: others may be free. */
    private static final long BATCH_NANOS = Duration.ofMillis(250).toNanos();
    /** A record is not handed back when fewer deliveries than these are left for crashes. */
    private static final int SPARE_DELIVERIES = 3;
    private static final int RENEWAL_POLLS = 200;
    private static final Retry RETRY = new Retry(Duration.ofSeconds(1), Duration.ofSeconds(15));

    /**
     * What slots of a class share.
     *
     * @param running jobs of this process
     * @param busy counts slots at work
     * @param deliveryLimit of the group
     * @param lock of the group, used until the broker has told
     */
    record Shared(RunningJobs running, AtomicInteger busy, int deliveryLimit, Duration lock) {}

    private final String name;
    private final SlotConsumers consumers;
    private final JobTaker taker;
    private final WorkThread worker;
    private final Shared shared;
    private final AtomicReference<@Nullable Attempt> current;
    private final Pace pace = new Pace();
    private final List<Long> ranNanos = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile long stopAtNanos;
    private volatile @Nullable String problem = "not polling yet";
    private int failures;

    ShareSlot(
            String name,
            SlotConsumers consumers,
            JobTaker taker,
            WorkThread worker,
            Shared shared,
            AtomicReference<@Nullable Attempt> current) {
        this.name = name;
        this.consumers = consumers;
        this.taker = taker;
        this.worker = worker;
        this.shared = shared;
        this.current = current;
    }

    /** Why the slot takes no jobs; empty when it does. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** No more polls; what runs may end until then, and is handed back after. */
    void stop(long deadlineNanos) {
        stopAtNanos = deadlineNanos;
        stopping.countDown();
    }

    @Override
    public void run() {
        try {
            while (!isStopping()) {
                try {
                    round();
                    failures = 0;
                } catch (RuntimeException e) {
                    recover(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            problem = "stopped";
            consumers.close();
            worker.close();
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void recover(RuntimeException failure) throws InterruptedException {
        Duration pause = RETRY.after(++failures);
        problem = "slot " + name + " cannot take jobs: " + failure.getMessage();
        LOG.atError().addKeyValue("slot", name).addKeyValue("retry_after", pause).setCause(failure).log("slot failed");
        consumers.close();
        boolean unused = stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void round() throws InterruptedException {
        if (pace.wantsBatches() && consumers.batchReady(System.nanoTime())) {
            LOG.atDebug().addKeyValue("slot", name).log("taking quick jobs in batches");
            pace.shiftUp();
        }
        Gear gear = pace.gear();
        KafkaShareConsumer<String, byte[]> consumer = consumers.of(gear);
        ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
        problem = null;
        if (!records.isEmpty()) {
            work(consumer, gear, records);
        } else if (pace.idleAt(System.nanoTime())) {
            LOG.atDebug().addKeyValue("slot", name).log("idle: taking jobs one by one again");
            consumers.reopenBatch();
        }
    }

    private void work(KafkaShareConsumer<String, byte[]> consumer, Gear gear, ConsumerRecords<String, byte[]> records)
            throws InterruptedException {
        JobBatch batch = new JobBatch(records);
        long renewEvery = consumer.acquisitionLockTimeoutMs()
                .map(millis -> TimeUnit.MILLISECONDS.toNanos(millis))
                .orElse(shared.lock().toNanos()) / 3;
        long begun = System.nanoTime();
        long renewAt = begun + renewEvery;
        boolean single = gear == Gear.SINGLE;
        boolean announcing = false;
        shared.busy().incrementAndGet();
        try {
            worker.execute(() -> taker.runAll(batch, single));
            long step = single ? MOMENT_NANOS : WATCH_NANOS;
            while (!batch.awaitEnd(step)) {
                long now = System.nanoTime();
                if (!announcing && (single || isOverdue(batch, now))) {
                    announcing = true;
                    if (!single) {
                        handBack(consumer, batch);
                    }
                }
                if (announcing && announceCurrent() && !batch.hasWaiting()) {
                    step = Math.min(POLL.toNanos(), renewEvery / 4);
                }
                if (isStopping() && giveUpAt(consumer, batch, now)) {
                    return;
                }
                if (now - renewAt >= 0) {
                    renew(consumer, batch);
                    renewAt = System.nanoTime() + renewEvery;
                }
            }
            settle(consumer, batch);
            commit(consumer);
            long share = (System.nanoTime() - begun) / Math.max(1, ranNanos.size());
            ranNanos.forEach(nanos -> pace.ran(nanos, share));
        } finally {
            ranNanos.clear();
            shared.busy().decrementAndGet();
        }
    }

    /** @return whether there was an attempt to announce */
    private boolean announceCurrent() {
        Attempt attempt = current.get();
        if (attempt != null) {
            attempt.announce();
        }
        return attempt != null;
    }

    private static boolean isOverdue(JobBatch batch, long now) {
        return batch.runningNanos(now) > Pace.SLOW.toNanos() || batch.ageNanos(now) > BATCH_NANOS;
    }

    /** Something in the batch takes long: nothing may wait behind it. */
    private void handBack(KafkaShareConsumer<String, byte[]> consumer, JobBatch batch) {
        pace.shiftDown();
        List<ConsumerRecord<String, byte[]>> rest = batch.withdraw(
                record -> JobTaker.deliveries(record) < shared.deliveryLimit() - SPARE_DELIVERIES);
        rest.forEach(record -> consumer.acknowledge(record, AcknowledgeType.RELEASE));
        settle(consumer, batch);
        commit(consumer);
        LOG.atDebug()
                .addKeyValue("slot", name)
                .addKeyValue("handed_back", rest.size())
                .log("slow job among quick ones: taking jobs one by one again");
    }

    /** @return whether the time is over and everything has been handed back */
    private boolean giveUpAt(KafkaShareConsumer<String, byte[]> consumer, JobBatch batch, long now) {
        List<ConsumerRecord<String, byte[]>> rest = batch.withdraw(record -> true);
        rest.forEach(record -> consumer.acknowledge(record, AcknowledgeType.RELEASE));
        boolean over = now - stopAtNanos >= 0;
        if (over) {
            Attempt attempt = current.get();
            if (attempt != null) {
                LOG.atWarn().addKeyValue("prediction", attempt.job().id()).log("stopping: job handed back unfinished");
                attempt.abandon();
            }
            settle(consumer, batch);
            for (ConsumerRecord<String, byte[]> record : batch.unsettled()) {
                consumer.acknowledge(record, AcknowledgeType.RELEASE);
            }
        }
        if (over || !rest.isEmpty()) {
            commit(consumer);
        }
        return over;
    }

    /** Marks everything that is done and safely reported; the caller commits. */
    private void settle(KafkaShareConsumer<String, byte[]> consumer, JobBatch batch) {
        for (JobBatch.Done done : batch.takeDone(one -> one.sent().isDone())) {
            ranNanos.add(done.nanos());
            ConsumerRecord<String, byte[]> record = batch.settle(done.place());
            boolean reported = done.sent().state() == Future.State.SUCCESS;
            if (reported && done.job() != null) {
                shared.running().finished(done.job());
            }
            if (record != null) {
                consumer.acknowledge(record, reported ? done.type() : AcknowledgeType.RELEASE);
            }
        }
    }

    /**
     * Keeps the locks. The broker hands renewed records out again in the next poll, which must not wait: a poll that
     * waits lets the consumer lock other jobs meanwhile.
     */
    private void renew(KafkaShareConsumer<String, byte[]> consumer, JobBatch batch) {
        settle(consumer, batch);
        Set<JobBatch.Place> missing = new HashSet<>();
        for (ConsumerRecord<String, byte[]> record : batch.unsettled()) {
            consumer.acknowledge(record, AcknowledgeType.RENEW);
            missing.add(JobBatch.Place.of(record));
        }
        commit(consumer);
        for (int i = 0; i < RENEWAL_POLLS && !missing.isEmpty(); i++) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ZERO)) {
                missing.remove(JobBatch.Place.of(record));
                if (!batch.renewed(record)) {
                    consumer.acknowledge(record, AcknowledgeType.RELEASE);
                }
            }
            if (!missing.isEmpty()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
        for (JobBatch.Place lost : missing) {
            batch.settle(lost);
            LOG.atWarn()
                    .addKeyValue("slot", name)
                    .addKeyValue("partition", lost.partition())
                    .addKeyValue("offset", lost.offset())
                    .log("lock lost: another worker may run this job too; the first end counts");
        }
    }

    private void commit(KafkaShareConsumer<String, byte[]> consumer) {
        Map<TopicIdPartition, Optional<KafkaException>> results;
        try {
            results = consumer.commitSync(COMMIT_LIMIT);
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("slot", name).setCause(e).log("acknowledgement not confirmed");
            return;
        }
        results.forEach((partition, failure) -> failure.ifPresent(cause -> LOG.atWarn()
                .addKeyValue("slot", name)
                .addKeyValue("partition", partition.partition())
                .addKeyValue("cause", cause.getMessage())
                .log(cause instanceof InvalidRecordStateException
                        ? "acknowledgement refused: another worker has the job"
                        : "acknowledgement failed")));
    }
}
