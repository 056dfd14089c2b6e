package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From the API and the command line to the topics and back, in the order of one night's story. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplayApiIT {

    private static final String CREATE = "{\"version\":\"acme/painter\",\"input\":{\"prompt\":\"a cat\"}}";
    private static final int FAILED = 12;

    private final Random random = new Random(5);
    private KafkaClients kafka;
    private Topics topics;
    private Edge edge;

    @BeforeAll
    void start(KafkaClients clients, Topics names, @TempDir Path data) throws Exception {
        kafka = clients;
        topics = names;
        edge = Edge.start(clients, names, data);
    }

    @AfterAll
    void stop() throws Exception {
        edge.close();
    }

    @Test
    @Order(1)
    void shouldShowAndCreateNothingWhenItIsADryRun() throws Exception {
        for (int i = 0; i < FAILED; i++) {
            assertThat(edge.post(i % 2, "/v1/predictions", CREATE).get().statusCode()).isEqualTo(201);
        }
        assertThat(edge.post(0, "/v1/predictions", CREATE, "Authorization", "Bearer " + Edge.OTHER_TOKEN)
                .get().statusCode()).isEqualTo(201);
        for (Job job : edge.jobs()) {
            fail(job, "CUDA out of memory");
        }

        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode report = Edge.json(edge.post(0, "/v1/replays", "{\"dry_run\":true}").get());
            assertThat(report.at("/counts/submitted").asInt()).isEqualTo(FAILED);
            assertThat(report.at("/by_model/acme~1painter").asInt()).isEqualTo(FAILED);
            assertThat(report.at("/by_error/CUDA out of memory").asInt()).isEqualTo(FAILED);
            assertThat(report.path("sample")).hasSize(10);
        });

        assertThat(retries()).isEmpty();
        assertThat(get(0, "/v1/replays").path("results")).isEmpty();
    }

    @Test
    @Order(2)
    void shouldBeOneReplayOnEveryGatewayWhenTheKeyIsTheSame() throws Exception {
        String body = "{\"filter\":{\"status\":\"failed\",\"error\":\"OUT OF MEMORY\"},\"rate\":50}";

        HttpResponse<String> created = edge.post(0, "/v1/replays", body, "Idempotency-Key", "night").get();
        HttpResponse<String> repeated = edge.post(1, "/v1/replays", body, "Idempotency-Key", "night").get();
        HttpResponse<String> other = edge.post(1, "/v1/replays", "{}", "Idempotency-Key", "night").get();

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(repeated.statusCode()).isEqualTo(201);
        assertThat(other.statusCode()).isEqualTo(422);
        String id = Edge.json(created).path("id").asText();
        assertThat(Edge.json(repeated).path("id").asText()).isEqualTo(id);
        JsonNode ended = Awaitility.await().atMost(Duration.ofSeconds(30)).until(
                () -> get(1, "/v1/replays/" + id), replay -> replay.has("completed_at"));
        assertThat(ended.path("status").asText()).isEqualTo("succeeded");
        assertThat(ended.path("progress").asDouble()).isEqualTo(1);
        assertThat(ended.at("/counts/submitted").asInt()).isEqualTo(FAILED);
        assertThat(ended.at("/filter/error").asText()).isEqualTo("OUT OF MEMORY");
        assertThat(ended.at("/urls/get").asText()).isEqualTo("https://api.example.test/v1/replays/" + id);
        assertThat(get(0, "/v1/replays").path("results")).singleElement().isEqualTo(ended);
        assertThat(retries()).hasSize(FAILED).allSatisfy(job ->
                assertThat(job.replayOf().replay().value()).isEqualTo(id));
    }

    @Test
    @Order(3)
    void shouldBeNobodyElsesBusinessWhenAnAccountReplays() throws Exception {
        String id = get(0, "/v1/replays").at("/results/0/id").asText();
        String bob = "Bearer " + Edge.OTHER_TOKEN;

        assertThat(edge.get(0, "/v1/replays/" + id, "Authorization", bob).statusCode()).isEqualTo(404);
        assertThat(edge.post(0, "/v1/replays/" + id + "/cancel", "", "Authorization", bob).get().statusCode())
                .isEqualTo(404);
        assertThat(Edge.json(edge.get(0, "/v1/replays", "Authorization", bob)).path("results")).isEmpty();
        assertThat(Edge.json(edge.post(0, "/v1/replays/" + id + "/cancel", "").get()).path("status").asText())
                .as("an ended one stays as it is").isEqualTo("succeeded");
    }

    @Test
    @Order(4)
    void shouldNameTheFieldWhenTheRequestIsWrong() throws Exception {
        HttpResponse<String> refused = edge.post(0, "/v1/replays", "{\"filter\":{\"status\":\"lost\"}}").get();

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(Edge.json(refused).at("/invalid_fields/0/field").asText()).isEqualTo("filter.status");
    }

    @Test
    @Order(5)
    void shouldSaySoWhenTheCommandLineFindsNothingNew() {
        StringWriter out = new StringWriter();

        int code = alice(out, "replay", "--since", "2h", "--model", "acme/painter", "--yes");

        assertThat(code).isZero();
        assertThat(out.toString()).contains("0 would be submitted").contains("already_replayed");
    }

    @Test
    @Order(6)
    void shouldSubmitAndShowItsProgressWhenTheCommandLineReplaysAgain() {
        StringWriter out = new StringWriter();

        int dry = alice(out, "replay", "--again", "--dry-run");
        int done = alice(out, "replay", "--again", "--no-webhook", "--yes");
        int unasked = alice(new StringWriter(), "replay", "--again");

        assertThat(List.of(dry, done, unasked)).as(out.toString()).containsExactly(0, 0, 2);
        assertThat(out.toString())
                .contains(FAILED + " would be submitted")
                .contains("[##############################] 100 %  " + FAILED + " submitted")
                .contains("succeeded");
        assertThat(retries()).hasSize(2 * FAILED);
        assertThat(alice(new StringWriter(), "replay", "--since", "soon")).isEqualTo(2);
    }

    @Test
    @Order(7)
    void shouldRequeueADeadLetterOnceWhenAskedTwice() throws Exception {
        Job job = edge.jobs().stream().filter(each -> each.account().value().equals("bob")).findFirst().orElseThrow();
        DeadJob dead = new DeadJob(job, "two workers were lost", List.of(), Instant.now());
        edge.write(topics.deadJobs(), job.id().value(), Serdes.DEAD_JOB.serialize(dead));
        edge.write(topics.deadJobs(), job.id().value(), new byte[] {'{'});
        String id = job.id().value();
        StringWriter out = new StringWriter();

        assertThat(bob(out, "dead", "list")).isZero();
        assertThat(bob(out, "dead", "show", id)).isZero();
        assertThat(bob(out, "dead", "requeue", id)).isZero();
        assertThat(bob(out, "dead", "requeue", id)).isZero();

        assertThat(out.toString()).contains(id).contains("two workers were lost").contains("already_replayed");
        assertThat(retries().stream().filter(each -> each.account().value().equals("bob"))).singleElement()
                .satisfies(again -> assertThat(again.replayOf().prediction()).isEqualTo(job.id()));
        assertThat(edge.get(0, "/v1/dead/" + id).statusCode()).as("Alice's view").isEqualTo(404);
        assertThat(Edge.json(edge.get(0, "/v1/dead")).path("results")).isEmpty();
    }

    @Test
    @Order(8)
    void shouldKeepToTheInstancesOfADeploymentWhenItsPredictionsAreReplayed() throws Exception {
        String version = get(0, "/v1/models/" + Edge.MODEL).at("/latest_version/id").asText();
        HttpResponse<String> made = edge.post(0, "/v1/deployments", "{\"name\":\"prod\",\"model\":\"" + Edge.MODEL
                + "\",\"version\":\"" + version + "\",\"hardware\":\"cpu\",\"min_instances\":0,\"max_instances\":1}").get();
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> created =
                    edge.post(0, "/v1/deployments/alice/prod/predictions", "{\"input\":{\"prompt\":\"again\"}}").get();
            cancel(Edge.json(created).path("id").asText());
        }

        HttpResponse<String> replay = edge.post(0, "/v1/replays", "{\"filter\":{\"status\":\"canceled\"}}").get();
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(
                () -> assertThat(replayedAndWaiting()).as(replay.body()).hasSize(3));
        List<Job> first = Awaitility.await().until(this::letThrough, jobs -> !jobs.isEmpty());

        assertThat(first).hasSize(1);
        cancel(first.getFirst().id().value());
        assertThat(Awaitility.await().until(this::letThrough, jobs -> jobs.size() > 1)).hasSize(2);
        assertThat(edge.send("DELETE", 0, "/v1/deployments/alice/prod", "").get().statusCode()).isEqualTo(204);
        Awaitility.await().untilAsserted(() -> assertThat(letThrough()).as("nothing holds them back").hasSize(3));
    }

    private void cancel(String id) throws Exception {
        assertThat(edge.post(0, "/v1/predictions/" + id + "/cancel", "").get().statusCode()).isEqualTo(200);
        Awaitility.await().untilAsserted(
                () -> assertThat(get(0, "/v1/predictions/" + id).path("status").asText()).isEqualTo("canceled"));
    }

    /** The deployment's replayed predictions that wait. */
    private List<JsonNode> replayedAndWaiting() throws Exception {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode each : get(0, "/v1/predictions").path("results")) {
            if (each.has("deployment") && each.has("replay_of") && each.path("status").asText().equals("starting")) {
                found.add(each);
            }
        }
        return found;
    }

    private List<Job> letThrough() {
        return retries().stream().filter(job -> job.deployment() != null && job.replayOf() != null).toList();
    }

    private int alice(StringWriter out, String... arguments) {
        return execute(out, Edge.TOKEN, arguments);
    }

    private int bob(StringWriter out, String... arguments) {
        return execute(out, Edge.OTHER_TOKEN, arguments);
    }

    private int execute(StringWriter out, String token, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", edge.base(0), "--token", token));
        PrintWriter writer = new PrintWriter(out);
        return Auspex.commandLine().setOut(writer).setErr(writer).execute(all.toArray(String[]::new));
    }

    private JsonNode get(int gateway, String path) throws Exception {
        HttpResponse<String> response = edge.get(gateway, path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Edge.json(response);
    }

    private void fail(Job job, String error) throws Exception {
        Instant now = Instant.now();
        AttemptEvent failed = AttemptEvent.of(
                job, AttemptId.create(now, random), new ExecutorId("test"), now,
                new AttemptEvent.Failed(error, null, "", Json.object(), now, false, false));
        edge.write(topics.events(), job.id().value(), Serdes.EVENT.serialize(failed));
    }

    private List<Job> retries() {
        List<TopicPartition> partitions = topics.allRetries().stream()
                .flatMap(topic -> IntStream.range(0, topics.settings().partitions())
                        .mapToObj(partition -> new TopicPartition(topic, partition)))
                .toList();
        try (KafkaConsumer<String, byte[]> reader = kafka.consumer("test-retries", Map.of("fetch.max.wait.ms", 20))) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            List<Job> jobs = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> reader.position(partition) < ends.get(partition))) {
                reader.poll(Duration.ofMillis(50)).forEach(record -> jobs.add(Serdes.JOB.deserialize(record.value())));
            }
            return jobs;
        }
    }
}
