package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.command.Command.ClaimKey;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One key, one prediction: on two gateways at once, after a gateway died half-way, after a router's restart. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotencyKeyIT {

    private static final String PATH = "/v1/models/" + Edge.MODEL + "/predictions";
    private static final AccountId ALICE = new AccountId("alice");

    private final Random random = new Random(17);
    private Edge edge;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        edge = Edge.start(kafka, topics, data);
    }

    @AfterAll
    void stop() throws Exception {
        edge.close();
    }

    private static String body(String prompt) {
        return "{\"input\":{\"prompt\":\"" + prompt + "\"}}";
    }

    private List<Job> jobs(String prompt) {
        return edge.jobs().stream().filter(job -> job.input().path("prompt").asText().equals(prompt)).toList();
    }

    private HttpResponse<String> post(int gateway, String body, String... headers) throws Exception {
        return edge.post(gateway, PATH, body, headers).get(60, TimeUnit.SECONDS);
    }

    @Test
    void shouldMakeOnePredictionWhenFiftyRequestsRaceOnTwoGateways() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> racing = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            racing.add(edge.post(i % 2, PATH, body("race"), "Idempotency-Key", "race-1"));
        }
        List<String> bodies = new ArrayList<>();
        int replayed = 0;
        for (CompletableFuture<HttpResponse<String>> response : racing) {
            HttpResponse<String> answer = response.get(60, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            bodies.add(answer.body());
            replayed += answer.headers().firstValue("idempotent-replayed").isPresent() ? 1 : 0;
        }

        assertThat(bodies).as("every answer is the same, byte for byte").containsOnly(bodies.getFirst());
        assertThat(replayed).isEqualTo(49);
        assertThat(jobs("race")).hasSize(1);
    }

    private CompletableFuture<HttpResponse<String>> upload(int gateway, String boundary, String content, String key) {
        String form = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"content\"; filename=\"in.txt\"\r\n\r\n"
                + content + "\r\n--" + boundary + "--\r\n";
        return edge.post(gateway, "/v1/files", form,
                "Idempotency-Key", key, "Content-Type", "multipart/form-data; boundary=" + boundary);
    }

    @Test
    void shouldMakeOneFileWhenUploadsRaceOnTwoGateways() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> racing = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            racing.add(upload(i % 2, "b" + i, "raced", "file-race"));
        }
        List<String> bodies = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> response : racing) {
            HttpResponse<String> answer = response.get(60, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            bodies.add(answer.body());
        }
        HttpResponse<String> other = upload(1, "b", "another", "file-race").get(60, TimeUnit.SECONDS);
        HttpResponse<String> prediction = post(0, body("file race"), "Idempotency-Key", "file-race");

        assertThat(bodies).containsOnly(bodies.getFirst());
        assertThat(List.of(other.statusCode(), prediction.statusCode())).containsOnly(422);
        assertThat(Edge.json(edge.get(0, "/v1/files")).get("results")).hasSize(1);
    }

    @Test
    void shouldRefuseOrKeepApartWhenAnythingButTheKeyDiffers() throws Exception {
        HttpResponse<String> first = post(0, body("apart"), "Idempotency-Key", "apart");
        HttpResponse<String> otherBody = post(1, body("apart!"), "Idempotency-Key", "apart");
        HttpResponse<String> otherRoute = edge.post(1, "/v1/predictions",
                "{\"version\":\"" + Edge.MODEL + "\",\"input\":{\"prompt\":\"apart!\"}}", "Idempotency-Key", "apart").get();
        HttpResponse<String> otherAccount =
                post(1, body("apart"), "Idempotency-Key", "apart", "Authorization", "Bearer " + Edge.OTHER_TOKEN);
        HttpResponse<String> otherKey = post(1, body("apart"), "Idempotency-Key", "apart-2");
        HttpResponse<String> noKey = post(1, body("apart"));

        for (HttpResponse<String> refused : List.of(otherBody, otherRoute)) {
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
            assertThat(Edge.json(refused).at("/invalid_fields/0/field").asText()).isEqualTo("Idempotency-Key");
        }
        assertThat(jobs("apart!")).isEmpty();
        List<String> ids = new ArrayList<>();
        for (HttpResponse<String> made : List.of(first, otherAccount, otherKey, noKey)) {
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            ids.add(Edge.json(made).get("id").asText());
        }
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(jobs("apart")).extracting(job -> job.id().value()).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void shouldRepeatTheAnswerOrWaitAgainWhenThePredictionGoesOn() throws Exception {
        HttpResponse<String> first = post(0, body("goes on"), "Idempotency-Key", "goes on", "Cancel-After", "1h");
        HttpResponse<String> waited = post(1, body("goes on"), "Idempotency-Key", "goes on", "Prefer", "wait=1");
        Job job = jobs("goes on").getFirst();
        AttemptEvent end = new AttemptEvent(
                job.id(), ALICE, AttemptId.create(Instant.now(), random), new ExecutorId("e"), Instant.now(),
                new AttemptEvent.Succeeded(TextNode.valueOf("done"), "log", Json.object().put("predict_time", 1), Instant.now()));
        edge.write(edge.topics().events(), job.id().value(), Serdes.EVENT.serialize(end));
        HttpResponse<String> ended = post(0, body("goes on"), "Idempotency-Key", "goes on", "Prefer", "wait");
        HttpResponse<String> again = post(1, body("goes on"), "Idempotency-Key", "goes on");

        assertThat(waited.statusCode()).isEqualTo(202);
        assertThat(waited.headers().firstValue("preference-applied")).hasValue("wait=1");
        assertThat(waited.body()).isEqualTo(first.body());
        assertThat(ended.statusCode()).isEqualTo(201);
        assertThat(Edge.json(ended).get("id").asText()).isEqualTo(job.id().value());
        assertThat(Edge.json(ended).get("output").asText()).isEqualTo("done");
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).as("what the first request was told").isEqualTo(first.body());
        assertThat(again.headers().firstValue("location")).isEqualTo(first.headers().firstValue("location"));
        assertThat(jobs("goes on")).hasSize(1);
    }

    @Test
    void shouldMakeTheClaimedPredictionWhenItsGatewayDiedBeforeWritingTheJob() throws Exception {
        PredictionId claimed = claim("died", body("died"), Instant.now().minusSeconds(300));
        List<CompletableFuture<HttpResponse<String>>> racing = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            racing.add(edge.post(i % 2, PATH, body("died"), "Idempotency-Key", "died"));
        }
        for (CompletableFuture<HttpResponse<String>> response : racing) {
            HttpResponse<String> answer = response.get(60, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            assertThat(Edge.json(answer).get("id").asText()).isEqualTo(claimed.value());
        }
        assertThat(jobs("died")).extracting(Job::id).containsExactly(claimed);
    }

    @Test
    void shouldBeReadableAtOnceWhenThePredictionWasClaimedLongAgo() throws Exception {
        for (int i = 0; i < 20; i++) {
            String key = "old-" + i;
            PredictionId claimed = claim(key, body(key), Instant.now().minusSeconds(300));

            HttpResponse<String> made = post(0, body(key), "Idempotency-Key", key);
            HttpResponse<String> read = edge.get(1, "/v1/predictions/" + claimed);

            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
        }
    }

    @Test
    void shouldWaitForTheJobWhenAnotherGatewayIsAboutToWriteIt() throws Exception {
        PredictionId claimed = claim("slow", body("slow"), Instant.now());
        CompletableFuture<HttpResponse<String>> follower =
                edge.post(0, PATH, body("slow"), "Idempotency-Key", "slow");
        Job template = madeBy(post(1, body("slow"))).getFirst();
        assertThat(follower).as("the claim is not its own").isNotDone();
        Job late = new Job(
                claimed, ALICE, template.model(), template.version(), template.runner(), template.hardware(),
                template.input(), null, claimed.createdAt(), null, "api", template.baseUrl(), template.urls(), 0, null,
                template.limits(), null, null);
        edge.write(edge.topics().jobs(late.hardware()), claimed.value(), Serdes.JOB.serialize(late));

        HttpResponse<String> answer = follower.get(30, TimeUnit.SECONDS);
        assertThat(Edge.json(answer).get("id").asText()).isEqualTo(claimed.value());
        assertThat(jobs("slow")).extracting(Job::id).containsExactlyInAnyOrder(claimed, template.id());
    }

    @Test
    void shouldRememberKeysWhenTheRouterIsRestarted() throws Exception {
        HttpResponse<String> first = post(0, body("restart"), "Idempotency-Key", "restart");
        edge.restartRouter();
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            HttpResponse<String> again = post(1, body("restart"), "Idempotency-Key", "restart");
            assertThat(again.body()).isEqualTo(first.body());
        });
        assertThat(jobs("restart")).hasSize(1);
    }

    private List<Job> madeBy(HttpResponse<String> response) throws Exception {
        String id = Edge.json(response).get("id").asText();
        return edge.jobs().stream().filter(job -> job.id().value().equals(id)).toList();
    }

    /** What a gateway leaves behind that is killed right after its claim. */
    private PredictionId claim(String key, String body, Instant at) throws Exception {
        PredictionId id = PredictionId.create(at, random);
        byte[] hash = java.security.MessageDigest.getInstance("SHA-256")
                .digest((PATH + "\n" + body).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        edge.write(edge.topics().commands(), new ClaimKey(
                ClaimId.of("idempotency-key", key), ALICE, id, HexFormat.of().formatHex(hash), at,
                at.plus(Duration.ofHours(24))));
        return id;
    }
}
