package dev.auspex.executor.app;

import static dev.auspex.executor.app.ExecutorHarness.CPU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.executor.cog.CogServerForTests;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelVersion;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code min_instances} of a deployment means for executors. */
@ExtendWith(KafkaExtension.class)
class KeptModelsIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final ModelName PAINTER = ModelName.of("acme/painter");
    private static final VersionId VERSION = new VersionId("a".repeat(64));

    @TempDir
    Path data;

    private final AtomicInteger setups = new AtomicInteger();
    private final TestModel painter = TestModel.of("painter", setups::incrementAndGet, (input, context) -> "done");
    private ExecutorHarness harness;

    @BeforeEach
    void open(KafkaClients kafka, Topics topics) throws Exception {
        harness = new ExecutorHarness(kafka, topics, data);
        publish(new Runner.Builtin("painter"));
    }

    private void publish(Runner runner) throws Exception {
        Model model = new Model(
                PAINTER, "", List.of(CPU), Instant.EPOCH,
                List.of(new ModelVersion(VERSION, Instant.EPOCH, runner, Json.object())),
                JobLimits.DEFAULT, null);
        harness.producer.send(new ProducerRecord<>(
                harness.topics.catalog(), PAINTER.toString(), Serdes.MODEL.serialize(model))).get();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private void deploy(int minInstances) throws Exception {
        Deployment deployment = new Deployment(
                DeploymentName.of("acme/prod"),
                new Deployment.Release(1, PAINTER, VERSION, CPU, minInstances, 5, Instant.EPOCH),
                "change");
        harness.producer.send(new ProducerRecord<>(
                harness.topics.deployments(), "acme/prod", Serdes.DEPLOYMENT.serialize(deployment))).get();
    }

    private static void assertKept(GpuExecutor executor, boolean kept) {
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode slots = Json.tree(executor.pages().get("/worker").get()).at("/classes/0/slots");
            assertThat(slots).hasSize(2).allSatisfy(slot -> {
                assertThat(slot.at("/models/0/model").asText()).isEqualTo("painter");
                assertThat(slot.at("/models/0/warm").asBoolean()).isEqualTo(kept);
            });
        });
    }

    @Test
    void shouldSetUpTheModelInEverySlotWhenADeploymentIsToHaveInstances() throws Exception {
        GpuExecutor executor = harness.start(Map.of(), painter);
        await().atMost(SOON).untilAsserted(() -> assertThat(executor.problems()).isEmpty());
        assertThat(setups).hasValue(0);

        deploy(1);

        assertKept(executor, true);
        assertThat(setups).hasValue(2);
        PredictionId id = harness.submit("painter", Json.object());
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(id)).hasSize(1));
        assertThat(harness.ends(id).getFirst().metrics().has("setup_time")).as("it was ready").isFalse();

        deploy(0);

        assertKept(executor, false);
        assertThat(setups).as("what is there stays while there is room").hasValue(2);
    }

    private static void assertServer(GpuExecutor executor, String state, boolean warm) {
        await().atMost(SOON).untilAsserted(() ->
                assertThat(Json.tree(executor.pages().get("/worker").get()).path("cog_servers")).singleElement().satisfies(server -> {
                    assertThat(server.path("state").asText()).isEqualTo(state);
                    assertThat(server.path("warm").asBoolean()).isEqualTo(warm);
                }));
    }

    @Test
    void shouldWatchOverTheCogServerWhenADeploymentIsToHaveInstances() throws Exception {
        try (CogServerForTests server = new CogServerForTests("text")) {
            publish(new Runner.CogUrl(server.url()));
            GpuExecutor executor = harness.start(Map.of("executor.cog.absent", "200ms"));

            deploy(1);

            assertServer(executor, "ready", true);
            assertThat(harness.metrics().scrape()).contains("auspex_executor_cog_servers{state=\"ready\"} 1.0");
            assertTold("ready");
            server.close();
            assertServer(executor, "absent", true);
            assertTold("absent");
            PredictionId id = harness.submit("echo", ExecutorHarness.echo("x", 0, 1));
            await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(id))
                    .hasExactlyElementsOfTypes(AttemptEvent.Succeeded.class));
            assertThat(executor.problems()).as("others' jobs go on").isEmpty();

            deploy(0);

            await().atMost(SOON).untilAsserted(() -> assertThat(
                    Json.tree(executor.pages().get("/worker").get()).path("cog_servers")).isEmpty());
        }
    }

    @Test
    void shouldWatchOverTheCogServerWhenTheOperatorWantsItsModelWarm() throws Exception {
        try (CogServerForTests server = new CogServerForTests("text")) {
            publish(new Runner.CogUrl(server.url()));

            GpuExecutor executor = harness.start(Map.of("executor.warm", "echo," + PAINTER));

            assertServer(executor, "ready", true);
        }
    }

    // By Kafka, to all gateways.
    private void assertTold(String state) throws Exception {
        List<String> states = new CopyOnWriteArrayList<>();
        TopicTail workers = new TopicTail(
                harness.kafka.consumer("workers", Map.of()),
                harness.topics.workers(),
                harness.topics.settings().partitions(),
                TopicTail.From.BEGINNING,
                record -> {
                    if (record.value() != null) {
                        Serdes.WORKER.deserialize(record.value()).cogServers().forEach(told -> states.add(told.state()));
                    }
                });
        workers.start();
        try {
            await().atMost(SOON).untilAsserted(() -> assertThat(states).contains(state));
        } finally {
            workers.stop(Duration.ofSeconds(5));
        }
    }

    @Test
    void shouldHaveItReadyWhenTheDeploymentWasThereBeforeTheExecutor() throws Exception {
        deploy(2);

        GpuExecutor executor = harness.start(Map.of(), painter);

        assertKept(executor, true);
    }
}
