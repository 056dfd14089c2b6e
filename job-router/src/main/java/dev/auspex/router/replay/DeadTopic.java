package dev.auspex.router.replay;

import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Keys.DataRetention;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What the records of {@code jobs.dead} say. Besides the jobs there are marks of those that a replay has submitted again:
 * no value, the headers of the new job. A mark is behind its job in the same partition, so it is kept for as long. Safe
 * for any thread.
 *
 * @param name the topic
 * @param retention how long the data of ended predictions are kept
 */
record DeadTopic(String name, List<DataRetention> retention) {

    static DeadTopic of(ServiceContext context) {
        return new DeadTopic(context.topics().deadJobs(), context.settings().get(Keys.DATA_RETENTION));
    }

    /** Whether a record is of this topic. */
    boolean holds(ConsumerRecord<String, byte[]> record) {
        return record.topic().equals(name);
    }

    /**
     * What the router wrote, or a job as an executor copied it, with the cause as a header. {@code null} for anything else:
     * it has no owner who could ask for it.
     */
    @Nullable DeadJob read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return null;
        }
        Header cause = record.headers().lastHeader("cause");
        try {
            if (cause == null) {
                DeadJob dead = Serdes.DEAD_JOB.deserialize(record.value());
                return isComplete(dead) ? dead : null;
            }
            Job job = Serdes.JOB.deserialize(record.value());
            String text = new String(cause.value(), StandardCharsets.UTF_8);
            DeadJob dead = new DeadJob(job, text, List.of(), Instant.ofEpochMilli(record.timestamp()));
            return isComplete(dead) ? dead : null;
        } catch (SerializationException e) {
            return null;
        }
    }

    /** Whether its input has been kept long enough: nobody is shown it any more, and it is not run again. */
    boolean isDataGone(DeadJob dead, Instant now) {
        Optional<DataRetention> own =
                retention.stream().filter(rule -> dead.job().account().equals(rule.account())).findFirst();
        return own.or(() -> retention.stream().filter(rule -> rule.account() == null).findFirst())
                .map(rule -> dead.time().plus(rule.kept()).isBefore(now))
                .orElse(false);
    }

    @SuppressWarnings("NullAway") // Jackson leaves null what is missing
    private static boolean isComplete(DeadJob dead) {
        Job job = dead.job();
        return job != null && dead.time() != null && dead.cause() != null && job.id() != null && job.account() != null
                && job.model() != null && job.version() != null && job.hardware() != null && job.input() != null
                && job.source() != null && job.createdAt() != null && job.urls() != null;
    }
}
