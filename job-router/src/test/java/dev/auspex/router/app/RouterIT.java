package dev.auspex.router.app;

import static dev.auspex.router.Samples.ACCOUNT;
import static dev.auspex.router.Samples.EVERYTHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.SnapshotHeaders;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.RouterHarness;
import dev.auspex.router.Samples;
import dev.auspex.router.SnapshotReader;
import dev.auspex.router.SnapshotReader.Snapshot;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RouterIT {

    private final Random random = new Random(7);
    private final KafkaClients kafka;
    private final Topics topics;
    private RouterHarness router;
    private SnapshotReader snapshots;

    RouterIT(KafkaClients kafka, Topics topics) {
        this.kafka = kafka;
        this.topics = topics;
    }

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        router = RouterHarness.ready(kafka, topics, data);
        snapshots = new SnapshotReader(kafka, topics);
    }

    @AfterAll
    void stop() throws Exception {
        snapshots.close();
        router.close();
    }

    private PredictionId newId() {
        return PredictionId.create(Instant.now(), random);
    }

    private static Job job(PredictionId id, Webhook webhook) {
        return Samples.job(ACCOUNT, id, id.createdAt(), webhook);
    }

    private static AttemptEvent event(PredictionId id, AttemptEvent.Body body) {
        return new AttemptEvent(
                id, ACCOUNT, Samples.attempt(1), Samples.EXECUTOR, id.createdAt().plusSeconds(2), body);
    }

    @Test
    void shouldPublishSnapshotsInOrderWhenAnAttemptRuns() throws Exception {
        PredictionId id = newId();
        Instant started = id.createdAt().plusSeconds(1);
        router.submit(job(id, EVERYTHING));
        router.report(event(id, new AttemptEvent.Started()));
        router.report(event(id, Samples.output(0, "hel")));
        router.report(event(id, new AttemptEvent.LogsAppended(0, "working\n")));
        router.report(event(id, Samples.succeeded(started, "hello")));

        await().untilAsserted(() -> assertThat(snapshots.poll(id)).hasSize(5));
        List<Snapshot> published = snapshots.poll(id);
        assertThat(published).extracting(it -> it.headers().sequence()).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(published).extracting(it -> it.headers().change()).containsExactly(
                null, WebhookEvent.START, WebhookEvent.OUTPUT, WebhookEvent.LOGS, WebhookEvent.COMPLETED);
        assertThat(published).extracting(it -> it.body().path("status").asText()).containsExactly(
                "starting", "processing", "processing", "processing", "succeeded");
        assertThat(published.get(2).body().path("output")).hasToString("[\"hel\"]");
        SnapshotHeaders last = published.getLast().headers();
        assertThat(last.account()).isEqualTo(ACCOUNT);
        assertThat(last.status()).isEqualTo(PredictionStatus.SUCCEEDED);
        assertThat(last.attempt()).isEqualTo(Samples.attempt(1));
        assertThat(last.webhook()).isEqualTo(EVERYTHING);
        JsonNode body = published.getLast().body();
        assertThat(body.at("/metrics/total_time").asDouble()).isEqualTo(2.0);

        HttpResponse<String> read = router.get(ACCOUNT, id, "");
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(Json.mapper().readTree(read.body())).as("GET and webhook bodies are one").isEqualTo(body);
        assertThat(read.headers().firstValue("auspex-status")).hasValue("succeeded");
        assertThat(read.headers().firstValue("auspex-sequence")).hasValue("4");
        assertThat(read.headers().firstValue("auspex-attempt")).hasValue(Samples.attempt(1).value());
    }

    @Test
    void shouldNeverAnswer404WhenThePredictionWasJustAccepted() throws Exception {
        for (int i = 0; i < 200; i++) {
            PredictionId id = newId();
            router.submit(job(id, null));
            HttpResponse<String> read = router.get(ACCOUNT, id, "");
            assertThat(read.statusCode()).as("read %s", i).isEqualTo(200);
            assertThat(read.headers().firstValue("auspex-status")).hasValue("starting");
            assertThat(read.headers().firstValue("auspex-attempt")).isEmpty();
        }
    }

    @Test
    void shouldAnswerAtTheEndWhenSomebodyWaits() throws Exception {
        PredictionId id = newId();
        router.submit(job(id, null));
        CompletableFuture<HttpResponse<String>> waiting = router.http().sendAsync(
                router.request("/internal/predictions/" + ACCOUNT + "/" + id + "?wait_ms=20000"),
                BodyHandlers.ofString());
        HttpResponse<String> impatient = router.get(ACCOUNT, id, "?wait_ms=50");
        assertThat(impatient.headers().firstValue("auspex-status")).hasValue("starting");
        assertThat(waiting).isNotDone();

        router.report(event(id, Samples.succeeded(id.createdAt(), "hello")));

        HttpResponse<String> answer = waiting.get(10, TimeUnit.SECONDS);
        assertThat(answer.headers().firstValue("auspex-status")).hasValue("succeeded");
        assertThat(answer.headers().firstValue("auspex-sequence")).hasValue("2");
        assertThat(Json.mapper().readTree(answer.body()).path("output").asText()).isEqualTo("hello");
    }

    @Test
    void shouldAnswer404WhenThePredictionIsUnknownOrSomebodyElses() throws Exception {
        PredictionId id = newId();
        router.submit(job(id, null));

        assertThat(router.get(new AccountId("rival"), id, "").statusCode()).isEqualTo(404);
        assertThat(router.get(ACCOUNT, newId(), "").statusCode()).isEqualTo(404);
        assertThat(router.get(ACCOUNT, newId(), "?wait_ms=1000").statusCode()).isEqualTo(404);
        assertThat(router.get(ACCOUNT, Samples.id(99), "").statusCode()).isEqualTo(404);
        assertThat(router.get("/internal/predictions/acme/nonsense").statusCode()).isEqualTo(404);
        assertThat(router.get(ACCOUNT, id, "?wait_ms=soon").statusCode()).isEqualTo(400);
    }

    @Test
    void shouldAnswer401WhenTheTokenIsMissingOrWrong() throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + router.router().port() + "/internal/predictions/acme");
        HttpRequest bare = HttpRequest.newBuilder(uri).build();
        HttpRequest wrong = HttpRequest.newBuilder(uri).header("authorization", "Bearer guess").build();

        assertThat(router.http().send(bare, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        assertThat(router.http().send(wrong, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        assertThat(router.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldListNewestFirstInPagesWhenThereAreMany() throws Exception {
        AccountId lister = new AccountId("lister");
        List<String> newestFirst = new ArrayList<>();
        Instant base = Instant.now();
        for (int i = 0; i < 25; i++) {
            PredictionId id = PredictionId.create(base.plusMillis(i), random);
            router.submit(Samples.job(lister, id, id.createdAt(), null));
            newestFirst.addFirst(id.value());
        }
        router.submit(Samples.job(new AccountId("lister-2"), newId(), base, null));
        assertThat(router.get(lister, new PredictionId(newestFirst.getFirst()), "").statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(list("lister", "")).hasSize(25));

        assertThat(list("lister", "?limit=10")).isEqualTo(newestFirst.subList(0, 10));
        assertThat(list("lister", "?limit=10&before=" + newestFirst.get(9))).isEqualTo(newestFirst.subList(10, 20));
        assertThat(list("lister", "?limit=10&before=" + newestFirst.get(19))).isEqualTo(newestFirst.subList(20, 25));
        assertThat(list("lister", "?from=" + newestFirst.get(7) + "&to=" + newestFirst.get(3)))
                .isEqualTo(newestFirst.subList(4, 8));
        assertThat(list("nobody", "")).isEmpty();
        assertThat(router.get("/internal/predictions/lister?before=x").statusCode()).isEqualTo(400);
        assertThat(router.get("/internal/predictions/lister?limit=0").statusCode()).isEqualTo(400);
    }

    private List<String> list(String account, String query) throws Exception {
        HttpResponse<String> answer = router.get("/internal/predictions/" + account + query);
        assertThat(answer.statusCode()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        Json.mapper().readTree(answer.body()).forEach(prediction -> ids.add(prediction.path("id").asText()));
        return ids;
    }

    @Test
    void shouldCancelAtOnceWhenThePredictionIsQueued() throws Exception {
        PredictionId id = newId();
        Instant asked = id.createdAt().plusMillis(250);
        router.submit(job(id, null));
        router.command(new Command.CancelPrediction(id, ACCOUNT, asked));

        HttpResponse<String> read = router.get(ACCOUNT, id, "?wait_ms=10000");

        assertThat(read.headers().firstValue("auspex-status")).hasValue("canceled");
        JsonNode body = Json.mapper().readTree(read.body());
        assertThat(body.path("completed_at").asText()).isEqualTo(asked.toString());
        assertThat(body.path("metrics")).hasToString("{\"total_time\":0.25}");
    }

    @Test
    void shouldSkipARecordWhenItCannotBeRead() throws Exception {
        PredictionId id = newId();
        router.send(topics.jobs(new HardwareClass("cpu")), id.value(), "{not json".getBytes());
        router.send(topics.events(), id.value(), "{\"prediction\":\"%s\"}".formatted(id).getBytes());
        router.send(topics.commands(), id.value(), "{\"type\":\"new-one\"}".getBytes());
        router.submit(job(id, null));

        assertThat(router.get(ACCOUNT, id, "").statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(router.context().metrics()
                        .get("auspex.router.events.dropped").tag("reason", "unreadable").counter().count())
                .isGreaterThanOrEqualTo(3));
    }

    @Test
    void shouldWriteTheCatalogueOnceWhenAModelIsRegisteredTwice() throws Exception {
        ModelRegistration registration = new ModelRegistration(
                ModelName.of("acme/painter"), "Paints.", List.of(new HardwareClass("cpu")),
                new Runner.Builtin("painter"), Json.object());
        router.command(new Command.RegisterModel(registration));
        router.command(new Command.RegisterModel(registration));
        router.command(new Command.RegisterModel(new ModelRegistration(
                registration.name(), "Paints well.", List.of(new HardwareClass("gpu-h100")),
                registration.runner(), registration.openapiSchema())));

        List<Model> written = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = kafka.consumer("catalog", java.util.Map.of())) {
            List<TopicPartition> all = List.of(
                    new TopicPartition(topics.catalog(), 0), new TopicPartition(topics.catalog(), 1));
            consumer.assign(all);
            consumer.seekToBeginning(all);
            await().untilAsserted(() -> {
                consumer.poll(java.time.Duration.ofMillis(100))
                        .forEach(record -> written.add(Serdes.MODEL.deserialize(record.value())));
                assertThat(written).hasSize(2);
            });
        }
        assertThat(written.getLast().description()).isEqualTo("Paints well.");
        assertThat(written.getLast().hardware()).extracting(HardwareClass::value).containsExactly("gpu-h100", "cpu");
        assertThat(written.getLast().versions()).hasSize(1);
    }
}
