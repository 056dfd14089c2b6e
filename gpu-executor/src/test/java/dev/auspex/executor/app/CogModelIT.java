package dev.auspex.executor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.executor.cog.CogServerForTests;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.files.FileId;
import dev.auspex.runtime.files.FileUrls;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import dev.auspex.testing.KafkaExtension;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
class CogModelIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path data;

    private ExecutorHarness harness;

    @BeforeEach
    void open(KafkaClients kafka, Topics topics) {
        harness = new ExecutorHarness(kafka, topics, data);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void shouldEndJobsAsTheirCogServersSayWhenTheirModelsAreInThem() throws Exception {
        try (CogServerForTests text = new CogServerForTests("text");
                CogServerForTests files = new CogServerForTests("file");
                ServerSocket nobody = new ServerSocket(0)) {
            harness.start(Map.of("executor.cog.absent", "100ms"));
            Runner absent = new Runner.CogUrl("http://127.0.0.1:" + nobody.getLocalPort());
            nobody.close();

            Job canceled = submit(new Runner.CogUrl(text.url()), input("x").put("do", "slow"));
            await().atMost(SOON).untilAsserted(() -> assertThat(harness.bodies(canceled.id()))
                    .hasAtLeastOneElementOfType(AttemptEvent.Started.class));
            harness.cancel(canceled.id(), ExecutorHarness.ACCOUNT);
            Job file = submit(new Runner.CogUrl(files.url()), input("pixels").put("do", "file"));
            Job refused = submit(new Runner.CogUrl(text.url()), Json.object());
            Job lonely = submit(absent, input("x"));

            await().atMost(SOON).untilAsserted(() -> {
                assertThat(harness.ends(canceled.id())).hasExactlyElementsOfTypes(AttemptEvent.Canceled.class);
                assertThat(harness.ends(file.id())).hasExactlyElementsOfTypes(AttemptEvent.Succeeded.class);
                assertThat(harness.ends(refused.id())).hasExactlyElementsOfTypes(AttemptEvent.Failed.class);
                assertThat(harness.ends(lonely.id())).hasExactlyElementsOfTypes(AttemptEvent.Failed.class);
            });
            assertThat(text.running()).isZero();
            AttemptEvent.Succeeded success = (AttemptEvent.Succeeded) harness.ends(file.id()).getFirst();
            FileId stored = FileUrls.parse(ExecutorHarness.BASE_URL, success.output().asText()).orElseThrow();
            assertThat(harness.files.open(stored).readAllBytes()).isEqualTo("pixels".getBytes(StandardCharsets.UTF_8));
            AttemptEvent.Failed refusal = (AttemptEvent.Failed) harness.ends(refused.id()).getFirst();
            assertThat(refusal.error()).isEqualTo("input.prompt: field required");
            assertThat(refusal.retryable()).isFalse();
            AttemptEvent.Failed loneliness = (AttemptEvent.Failed) harness.ends(lonely.id()).getFirst();
            assertThat(loneliness.error()).isEqualTo("the model's Cog server does not answer");
            assertThat(loneliness.retryable()).isTrue();
        }
    }

    @Test
    void shouldAnnounceTheSchemaWhenTheCatalogueNamesACogServer() throws Exception {
        List<ModelRegistration> registered = new CopyOnWriteArrayList<>();
        TopicTail commands = new TopicTail(
                harness.kafka.consumer("commands", Map.of()),
                harness.topics.commands(),
                harness.topics.settings().partitions(),
                TopicTail.From.BEGINNING,
                record -> {
                    if (Serdes.COMMAND.deserialize(record.value()) instanceof Command.RegisterModel(ModelRegistration one)) {
                        registered.add(one);
                    }
                });
        commands.start();
        try (CogServerForTests server = new CogServerForTests("iterator")) {
            ModelRegistration named = new ModelRegistration(
                    ModelName.of("acme/cog"), "", List.of(ExecutorHarness.CPU), new Runner.CogUrl(server.url()), Json.object());
            harness.producer.send(new ProducerRecord<>(
                    harness.topics.catalog(), "acme/cog", Serdes.MODEL.serialize(Model.first(named, Instant.EPOCH)))).get();

            harness.start(Map.of());

            await().atMost(SOON).untilAsserted(() -> assertThat(registered)
                    .filteredOn(one -> one.name().equals(named.name()))
                    .isNotEmpty()
                    .allSatisfy(one -> assertThat(one.openapiSchema().at("/components/schemas/Output/x-cog-array-type").asText())
                            .isEqualTo("iterator")));
        } finally {
            commands.stop(Duration.ofSeconds(5));
        }
    }

    private Job submit(Runner runner, ObjectNode input) throws Exception {
        Job job = harness.job(runner, input);
        harness.submit(job).get();
        return job;
    }

    private static ObjectNode input(String prompt) {
        return Json.object().put("prompt", prompt);
    }
}
