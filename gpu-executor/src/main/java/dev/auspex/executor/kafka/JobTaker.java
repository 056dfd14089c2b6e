package dev.auspex.executor.kafka;

import dev.auspex.executor.run.Attempt;
import dev.auspex.executor.run.JobRunner;
import dev.auspex.executor.run.LoadedModels;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.json.Serdes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The working side of a slot: record in, {@link JobBatch.Done} out. Only the slot's working thread. */
final class JobTaker {

    private static final Logger LOG = LoggerFactory.getLogger(JobTaker.class);

    private final JobRunner runner;
    private final LoadedModels models;
    private final KafkaEvents events;
    private final int deliveryLimit;
    private final AtomicReference<@Nullable Attempt> current;

    /**
     * @param deliveryLimit the broker drops a record after so many deliveries, so it is given up one earlier
     * @param current tells the polling thread what runs
     */
    JobTaker(
            JobRunner runner,
            LoadedModels models,
            KafkaEvents events,
            int deliveryLimit,
            AtomicReference<@Nullable Attempt> current) {
        this.runner = runner;
        this.models = models;
        this.events = events;
        this.deliveryLimit = deliveryLimit;
        this.current = current;
    }

    /**
     * Runs all records of the batch that are not withdrawn, and returns when Kafka has their events.
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

    /** How often the broker has handed the record out. */
    static int deliveries(ConsumerRecord<?, ?> record) {
        return record.deliveryCount().orElse((short) 1);
    }

    private JobBatch.Done run(ConsumerRecord<String, byte[]> record, boolean alone) {
        long start = System.nanoTime();
        JobBatch.Place place = JobBatch.Place.of(record);
        @Nullable Job job = null;
        Future<?> sent;
        AcknowledgeType type = AcknowledgeType.ACCEPT;
        try {
            job = Serdes.JOB.deserialize(record.value());
            sent = run(record, job, alone);
        } catch (SerializationException e) {
            LOG.atError()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("job record cannot be read: moved to the dead jobs");
            type = AcknowledgeType.REJECT;
            sent = events.bury(record, "not a valid job record");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sent = CompletableFuture.failedFuture(e);
        } catch (RuntimeException | Error e) {
            // Not the model's doing: those failures are outcomes. Another delivery may do better.
            LOG.atError().addKeyValue("offset", record.offset()).setCause(e).log("job not run");
            sent = CompletableFuture.failedFuture(e);
        }
        return new JobBatch.Done(place, job, sent, type, System.nanoTime() - start);
    }

    private Future<?> run(ConsumerRecord<String, byte[]> record, Job job, boolean alone)
            throws InterruptedException {
        int count = deliveries(record);
        boolean last = count >= deliveryLimit - 1;
        if (last) {
            LOG.atError()
                    .addKeyValue("prediction", job.id())
                    .addKeyValue("delivery", count)
                    .log("job given up after too many deliveries: moved to the dead jobs");
            await(events.bury(record, "given up after " + count + " deliveries"));
        }
        return runner.run(job, new JobRunner.Delivery(count, last, alone), models, current);
    }

    // A failure is seen again, and handled, where the record is acknowledged.
    private static void await(Future<?> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            LOG.atDebug().setCause(e).log("not sent");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
