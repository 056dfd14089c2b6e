package dev.auspex.executor.kafka;

import dev.auspex.executor.run.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the locks of one batch and acknowledges its records. Nothing else happens on its thread, the slot's polling
 * thread, so that no lock is lost because a model, Kafka's producer or a log is slow.
 */
final class BatchKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(BatchKeeper.class);
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(15);
    private static final int RENEWAL_POLLS = 200;
    /** A model that obeys stops within a quarter of a second. */
    private static final Duration STOP_LIMIT = Duration.ofMillis(500);
    private static final Duration STUCK = Duration.ofSeconds(2);
    /** To be told that what was given back is in Kafka. */
    private static final Duration REPORT_LIMIT = Duration.ofSeconds(1);

    private final String slot;
    private final KafkaShareConsumer<String, byte[]> consumer;
    private final JobBatch batch;
    private final JobTaker taker;
    private final long renewEvery;
    private final List<Long> ranNanos = new ArrayList<>();
    private long renewAt;
    private boolean free;

    BatchKeeper(
            String slot,
            KafkaShareConsumer<String, byte[]> consumer,
            JobBatch batch,
            JobTaker taker,
            Locks lock) {
        this.slot = slot;
        this.consumer = consumer;
        this.batch = batch;
        this.taker = taker;
        this.renewEvery = lock.lasts().toNanos() / 3;
        this.renewAt = lock.takenNanos() + renewEvery;
    }

    /**
     * When locks were taken and how long they last.
     *
     * @param takenNanos a time not after the taking, by {@link System#nanoTime}
     */
    record Locks(long takenNanos, Duration lasts) {}

    /** The longest time to the next look at the locks. */
    long restNanos() {
        return renewEvery / 4;
    }

    /**
     * The locks are lost, and the consumer is about to be closed: nothing is renewed or acknowledged any more. What runs may
     * end, and its first end counts; what has not begun is given back.
     */
    void letGo() {
        free = true;
        int unused = giveBackWaiting();
        for (ConsumerRecord<String, byte[]> record : batch.unsettled()) {
            ConsumerRecord<String, byte[]> lost = batch.settle(JobBatch.Place.of(record));
        }
    }

    /** Renews the locks when it is time. */
    void keep() {
        if (!free && System.nanoTime() - renewAt >= 0) {
            renew();
            renewAt = System.nanoTime() + renewEvery;
        }
    }

    /** Gives back what has not begun; the router puts it into a queue again. @return how many */
    int giveBackWaiting() {
        List<ConsumerRecord<String, byte[]>> rest = batch.withdraw();
        taker.giveBack(batch, rest);
        return rest.size();
    }

    /** Whether what runs should have stopped long ago: waiting for it is of no use. */
    boolean isStuck() {
        Attempt attempt = taker.current();
        return attempt != null && attempt.overdue().compareTo(STUCK) > 0;
    }

    /** The time is over: what runs is stopped, and everything is given back or answered for. */
    void abandon() throws InterruptedException {
        Attempt attempt = taker.current();
        if (attempt != null) {
            LOG.atWarn().addKeyValue("prediction", attempt.job().id()).log("stopping: job given back unfinished");
            attempt.giveUp();
        }
        if (!free) {
            renew(); // for what follows there is the whole time of a lock
        }
        if (!batch.awaitEnd(STOP_LIMIT.toNanos())) {
            JobBatch.Place running = batch.running();
            Attempt stuck = taker.current();
            if (stuck != null && running != null) {
                taker.answerFor(stuck).filter(this::isSent).ifPresent(unused -> accept(running));
                commit();
            }
            boolean unused = batch.awaitReturned(REPORT_LIMIT.toNanos());
        }
        settle();
        for (ConsumerRecord<String, byte[]> record : batch.unsettled()) {
            consumer.acknowledge(record, AcknowledgeType.RELEASE);
        }
        commit();
    }

    private boolean isSent(Future<?> sent) {
        try {
            sent.get(REPORT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().addKeyValue("slot", slot).setCause(e).log("stopping: job not given back");
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void accept(JobBatch.Place place) {
        ConsumerRecord<String, byte[]> record = batch.settle(place);
        if (record != null) {
            consumer.acknowledge(record, AcknowledgeType.ACCEPT);
        }
    }

    /**
     * Acknowledges the rest of a batch whose work is over.
     *
     * @param polls whether this consumer's next poll follows at once and takes the acknowledgements along
     * @return how long each of its jobs ran, in nanoseconds
     */
    List<Long> finish(boolean polls) {
        settle();
        if (!polls) {
            commit();
        }
        return ranNanos;
    }

    /** Marks everything that is done and safely reported; the caller commits. */
    private void settle() {
        for (JobBatch.Done done : batch.takeDone(one -> one.sent().isDone())) {
            if (done.nanos() >= 0) {
                ranNanos.add(done.nanos());
            }
            ConsumerRecord<String, byte[]> record = batch.settle(done.place());
            if (record != null) {
                boolean reported = done.sent().state() == Future.State.SUCCESS;
                consumer.acknowledge(record, reported ? done.type() : AcknowledgeType.RELEASE);
            }
        }
    }

    /**
     * Keeps the locks. The broker hands renewed records out again in the next poll, which must not wait: a poll that
     * waits lets the consumer lock other jobs meanwhile.
     */
    private void renew() {
        settle();
        Set<JobBatch.Place> missing = new HashSet<>();
        for (ConsumerRecord<String, byte[]> record : batch.unsettled()) {
            consumer.acknowledge(record, AcknowledgeType.RENEW);
            missing.add(JobBatch.Place.of(record));
        }
        commit();
        List<ConsumerRecord<String, byte[]>> others = new ArrayList<>();
        for (int i = 0; i < RENEWAL_POLLS && !missing.isEmpty(); i++) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ZERO)) {
                missing.remove(JobBatch.Place.of(record));
                if (!batch.renewed(record)) {
                    others.add(record);
                }
            }
            if (!missing.isEmpty()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
        taker.giveBack(batch, batch.adopt(others));
        for (JobBatch.Place lost : missing) {
            ConsumerRecord<String, byte[]> unused = batch.settle(lost);
            LOG.atWarn()
                    .addKeyValue("slot", slot)
                    .addKeyValue("topic", lost.topic())
                    .addKeyValue("partition", lost.partition())
                    .addKeyValue("offset", lost.offset())
                    .log("lock lost: the router may start another attempt; the first end counts");
        }
    }

    private void commit() {
        if (free) {
            return;
        }
        Map<TopicIdPartition, Optional<KafkaException>> results;
        try {
            results = consumer.commitSync(COMMIT_LIMIT);
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("slot", slot).setCause(e).log("acknowledgement not confirmed");
            return;
        }
        results.forEach((partition, failure) -> failure.ifPresent(cause -> LOG.atWarn()
                .addKeyValue("slot", slot)
                .addKeyValue("partition", partition.partition())
                .addKeyValue("cause", cause.getMessage())
                .log(cause instanceof InvalidRecordStateException
                        ? "acknowledgement refused: the lock was lost"
                        : "acknowledgement failed")));
    }
}
