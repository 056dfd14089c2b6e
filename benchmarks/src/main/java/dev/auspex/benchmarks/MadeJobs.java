package dev.auspex.benchmarks;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionUrls;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Jobs of the no-op model as a gateway would write them, for filling topics faster than through the API. For one thread.
 *
 * @param model as which it is published
 * @param version its version
 * @param hardware the class
 * @param text of the input
 * @param random makes ids
 */
record MadeJobs(ModelName model, VersionId version, HardwareClass hardware, String text, Random random) {

    /** Whose jobs they are: the account that {@code up} makes. */
    static final AccountId ACCOUNT = new AccountId("default");

    private static final String PREFIX = "auspex.";
    private static final int PARTITIONS = 4;

    /** One that was created then. */
    Job job(Instant created) {
        PredictionId id = PredictionId.create(created, random);
        return new Job(
                id, ACCOUNT, model, version, new Runner.Builtin("echo"), hardware, Json.object().put("text", text), null,
                created, null, "api", "http://127.0.0.1", PredictionUrls.of("http://127.0.0.1", id, null), 0, null,
                JobLimits.DEFAULT, null, null);
    }

    /** The names that {@code up} gives topics. */
    Topics topics() {
        return new Topics(new TopicSettings(PREFIX, PARTITIONS, (short) 1, Duration.ofDays(7), List.of(hardware)));
    }

    /** A producer for many records. */
    static KafkaProducer<String, byte[]> producer(String kafka) {
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
                ProducerConfig.LINGER_MS_CONFIG, 10,
                ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    }
}
