package dev.auspex.executor.kafka;

import dev.auspex.executor.run.Attempt;
import dev.auspex.executor.run.JobRunner;
import dev.auspex.executor.run.Workplace;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.json.Serdes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a slot's records, from record to {@link JobBatch.Done}: run on the slot's working thread, or given back
 * unrun on another. Nothing here touches a consumer.
 */
final class JobTaker {

    private static final Logger LOG = LoggerFactory.getLogger(JobTaker.class);
    private static final long GIVEN_BACK = -1;

    private final JobRunner runner;
    private final Workplace place;
    private final KafkaEvents events;
    private final Executor reporter;

    /** @param reporter tells Kafka what the polling thread must not wait for */
    JobTaker(JobRunner runner, Workplace place, KafkaEvents events, Executor reporter) {
        this.runner = runner;
        this.place = place;
        this.events = events;
        this.reporter = reporter;
    }

    /** What runs now; {@code null} for nothing. Any thread. */
    @Nullable Attempt current() {
        return place.current().get();
    }

    /**
     * Runs all records of the batch that are not withdrawn, and returns when Kafka has their events. Working thread.
     *
     * @param alone whether this is no batch but one record
     */
    void runAll(JobBatch batch, boolean alone) {
        try {
            List<Future<?>> sent = new ArrayList<>();
            for (ConsumerRecord<String, byte[]> record = batch.next(); record != null; record = batch.next()) {
                JobBatch.Done done = run(record, alone);
                batch.add(done);
                sent.add(done.sent());
            }
            for (Future<?> one : sent) {
                await(one);
            }
        } finally {
            batch.end();
        }
    }

    /** Lets the world know what runs. Does not wait. */
    void announce(Attempt attempt) {
        reporter.execute(attempt::announce);
    }

    /** Gives records back that have not begun. Does not wait. */
    void giveBack(JobBatch batch, List<ConsumerRecord<String, byte[]>> records) {
        if (records.isEmpty()) {
            return;
        }
        reporter.execute(() -> {
            List<JobBatch.Done> all = records.stream().map(this::giveBack).toList();
            for (JobBatch.Done one : all) {
                await(one.sent());
                batch.addReturned(one);
            }
        });
    }

    private JobBatch.Done giveBack(ConsumerRecord<String, byte[]> record) {
        AcknowledgeType type = AcknowledgeType.ACCEPT;
        Future<?> sent;
        try {
            Job job = Serdes.JOB.deserialize(record.value());
            sent = runner.giveBack(job, deliveries(record));
        } catch (SerializationException e) {
            type = AcknowledgeType.REJECT;
            sent = bury(record);
        } catch (RuntimeException e) {
            sent = CompletableFuture.failedFuture(e);
        }
        return new JobBatch.Done(JobBatch.Place.of(record), sent, type, GIVEN_BACK);
    }

    /** Answers for an attempt that was given up and does not stop, see {@link JobRunner#answerFor}. */
    Optional<Future<?>> answerFor(Attempt attempt) {
        return runner.answerFor(attempt, place);
    }

    /** How often the broker has handed the record out. */
    private static int deliveries(ConsumerRecord<?, ?> record) {
        return record.deliveryCount().orElse((short) 1);
    }

    private JobBatch.Done run(ConsumerRecord<String, byte[]> record, boolean alone) {
        long start = System.nanoTime();
        Future<?> sent;
        AcknowledgeType type = AcknowledgeType.ACCEPT;
        try {
            Job job = Serdes.JOB.deserialize(record.value());
            sent = runner.run(job, new JobRunner.Delivery(deliveries(record), alone), place);
        } catch (SerializationException e) {
            type = AcknowledgeType.REJECT;
            sent = bury(record);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sent = CompletableFuture.failedFuture(e);
        } catch (RuntimeException | Error e) {
            // Not the model's doing: those failures are outcomes. Another delivery may do better.
            LOG.atError().addKeyValue("offset", record.offset()).setCause(e).log("job not run");
            sent = CompletableFuture.failedFuture(e);
        }
        return new JobBatch.Done(JobBatch.Place.of(record), sent, type, System.nanoTime() - start);
    }

    private Future<?> bury(ConsumerRecord<String, byte[]> record) {
        LOG.atError()
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .log("job record cannot be read: moved to the dead jobs");
        return events.bury(record, "not a valid job record");
    }

    // A failure is seen again, and handled, where the record is acknowledged.
    static void await(Future<?> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            LOG.atDebug().setCause(e).log("not sent");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
