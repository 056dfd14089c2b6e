package dev.auspex.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.catalog.DeploymentChange;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.RouterHarness;
import dev.auspex.router.Samples;
import dev.auspex.router.TopicReader;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A deployment's jobs reach the executors' queue as its instances allow, also over a restart of the router. */
@ExtendWith(KafkaExtension.class)
class HeldJobsIT {

    private static final DeploymentName PROD = new DeploymentName(Samples.ACCOUNT, "prod");

    private final Random random = new Random(37);

    @Test
    void shouldLetThroughAsManyAsThereAreInstancesWhenTheRouterIsRestarted(
            KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        List<PredictionId> ids = new ArrayList<>();
        try (RouterHarness router = RouterHarness.ready(kafka, topics, data)) {
            router.command(release(1));
            // Gateways know a deployment only when the router has made it; topics do not wait for each other.
            awaitRelease(kafka, topics);
            for (int i = 0; i < 3; i++) {
                PredictionId id = id(topics);
                ids.add(id);
                Job job = Samples.through(Samples.job(Samples.ACCOUNT, id, id.createdAt(), null), PROD);
                router.send(topics.heldJobs(), id.value(), Serdes.JOB.serialize(job));
                assertThat(router.get(Samples.ACCOUNT, id, "").statusCode()).as("it is there at once").isEqualTo(200);
            }
        }
        try (RouterHarness router = RouterHarness.ready(kafka, topics, data);
                TopicReader queue = new TopicReader(kafka, topics, topics.retries(new HardwareClass("cpu")))) {
            await().untilAsserted(() -> assertThat(queued(queue, ids)).isEqualTo(ids.subList(0, 1)));
            router.report(new AttemptEvent(
                    ids.get(0), Samples.ACCOUNT, Samples.attempt(1), Samples.EXECUTOR, Instant.now(),
                    Samples.succeeded(Instant.now(), "done"), 1));
            await().untilAsserted(() -> assertThat(queued(queue, ids)).isEqualTo(ids.subList(0, 2)));
            router.command(release(2));
            await().untilAsserted(() -> assertThat(queued(queue, ids)).isEqualTo(ids));
        }
    }

    private static void awaitRelease(KafkaClients kafka, Topics topics) {
        TopicPartition partition = new TopicPartition(topics.deployments(), topics.partitionOf(PROD.toString()));
        try (KafkaConsumer<String, byte[]> reader = kafka.consumer("releases", Map.of())) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            await().until(() -> !reader.poll(Duration.ofMillis(100)).isEmpty());
        }
    }

    private static List<PredictionId> queued(TopicReader queue, List<PredictionId> ids) {
        return ids.stream().filter(id -> !queue.poll(id).isEmpty()).toList();
    }

    private static Command release(int instances) {
        Job job = Samples.job(Samples.id(1), null);
        return new Command.ReleaseDeployment(
                PROD, new DeploymentChange(job.model(), job.version(), job.hardware(), 0, instances), "c" + instances,
                Instant.now());
    }

    private PredictionId id(Topics topics) {
        PredictionId id = PredictionId.create(Instant.now(), random);
        while (topics.partitionOf(id) != topics.partitionOf(PROD.toString())) {
            id = PredictionId.create(Instant.now(), random);
        }
        return id;
    }
}
