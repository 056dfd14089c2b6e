package dev.auspex.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.json.PredictionJson;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadPredictionIT {

    private static final Instant LONG_AGO = Instant.parse("2026-01-02T03:04:05Z");

    private final Random random = new Random(7);
    private RunningGateway gateway;
    private Topics topics;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics) throws Exception {
        this.topics = topics;
        RunningGateway.publish(kafka, topics, TestModels.ECHO);
        gateway = RunningGateway.start(kafka, topics, Map.of());
    }

    @AfterAll
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void shouldPassTheRoutersBytesOnWhenReading() throws Exception {
        PredictionId id = id(LONG_AGO);
        byte[] body = "{\"id\":\"%s\",\"odd\":  [1.50,\"ü/\"]}".formatted(id).getBytes(StandardCharsets.UTF_8);
        gateway.router.put(new AccountId("alice"), id, PredictionStatus.PROCESSING, body);

        HttpResponse<String> response = gateway.get("/v1/predictions/" + id);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(new String(body, StandardCharsets.UTF_8));
        assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void shouldAnswer404WhenThePredictionIsAnothersOrUnknown() throws Exception {
        PredictionId id = id(LONG_AGO);
        gateway.router.put(new AccountId("bob"), id, PredictionStatus.PROCESSING, new byte[] {'{', '}'});

        for (String path : List.of(id.toString(), id(LONG_AGO).toString(), "nope", "..%2f..%2f" + id)) {
            HttpResponse<String> response = gateway.get("/v1/predictions/" + path);
            assertThat(response.statusCode()).as(path).isEqualTo(404);
            assertThat(RunningGateway.json(response).get("status").asInt()).isEqualTo(404);
        }
        assertThat(gateway.get("/v1/predictions/" + id, "Authorization", "Bearer r8_bob").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldAskAgainWhenTheRouterIsRestoring() throws Exception {
        Prediction prediction = prediction(LONG_AGO);
        gateway.router.put(prediction);
        gateway.router.unavailable.set(3);

        assertThat(gateway.get("/v1/predictions/" + prediction.job().id()).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"GET,/v1/nothing,404", "GET,/,404", "DELETE,/v1/predictions,405", "PATCH,/v1/models/a/b,404",
        "POST,/v1/hardware,405", "GET,/v1/http://elsewhere.example/v1/predictions,404"})
    void shouldAnswerWithAProblemWhenNothingIsThere(String method, String path, int status) throws Exception {
        HttpResponse<String> response = gateway.send(gateway.request(path)
                .method(method, java.net.http.HttpRequest.BodyPublishers.noBody()).build());

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(RunningGateway.json(response).get("status").asInt()).isEqualTo(status);
    }

    @Test
    void shouldWriteACommandAndShowTheResultWhenCanceling() throws Exception {
        Prediction prediction = prediction(LONG_AGO);
        Job job = prediction.job();
        gateway.router.put(prediction);

        CompletableFuture<HttpResponse<String>> response =
                gateway.postAsync("/v1/predictions/" + job.id() + "/cancel", "");
        ConsumerRecord<String, byte[]> record = Awaitility.await().until(() -> commands(job.id()), found -> found != null);
        gateway.router.put(new Prediction(
                job, PredictionStatus.CANCELED, null, null, "", null, job.createdAt(), null, List.of(), false));

        assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(RunningGateway.json(response.get()).get("status").asText()).isEqualTo("canceled");
        assertThat(Serdes.COMMAND.deserialize(record.value()))
                .isInstanceOfSatisfying(Command.CancelPrediction.class, command -> {
                    assertThat(command.prediction()).isEqualTo(job.id());
                    assertThat(command.account()).isEqualTo(new AccountId("alice"));
                    assertThat(command.requestedAt()).isAfter(LONG_AGO);
                });
        assertThat(record.partition()).isEqualTo(topics.partitionOf(job.id()));
    }

    @Test
    void shouldShowItAsItIsWhenACancelTakesLong() throws Exception {
        Prediction prediction = prediction(LONG_AGO);
        gateway.router.put(prediction);

        HttpResponse<String> response = gateway.post("/v1/predictions/" + prediction.job().id() + "/cancel", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(new String(PredictionJson.render(prediction), StandardCharsets.UTF_8));
    }

    @Test
    void shouldWriteNothingWhenCancelingWhatHasEndedOrDoesNotExist() throws Exception {
        long before = gateway.written();
        Prediction ended = RouterStandIn.succeeded(prediction(LONG_AGO).job());
        gateway.router.put(ended);

        HttpResponse<String> response = gateway.post("/v1/predictions/" + ended.job().id() + "/cancel", "{}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(RunningGateway.json(response).get("status").asText()).isEqualTo("succeeded");
        assertThat(gateway.post("/v1/predictions/" + id(LONG_AGO) + "/cancel", "").statusCode()).isEqualTo(404);
        assertThat(gateway.written()).isEqualTo(before);
    }

    @Test
    void shouldWalkThroughAllPagesWhenFollowingNext() throws Exception {
        List<String> newestFirst = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            Prediction prediction = prediction(LONG_AGO.plusSeconds(1000L + i));
            gateway.router.put(prediction);
            newestFirst.addFirst(prediction.job().id().value());
        }
        List<String> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        // "+01:00" unescaped, as curl users write it; the first 50 are too old.
        String next = "/v1/predictions?created_after=2026-01-02T04:21:35%2B01:00&created_before=2026-01-02T03:24:55.5Z";
        JsonNode last = null;
        while (next != null) {
            JsonNode page = RunningGateway.json(gateway.get(next));
            assertThat(page.get("previous").isNull()).as("only on the first").isEqualTo(sizes.isEmpty());
            sizes.add(page.get("results").size());
            page.get("results").forEach(result -> seen.add(result.get("id").asText()));
            next = page.get("next").isNull() ? null : page.get("next").asText();
            last = page;
        }

        assertThat(sizes).containsExactly(100, 100);
        assertThat(seen).isEqualTo(newestFirst.subList(0, 200));
        JsonNode first = RunningGateway.json(gateway.get(last.get("previous").asText()));
        assertThat(first.get("results").findValuesAsText("id")).containsAll(newestFirst.subList(0, 100));
        assertThat(first.at("/results/0/id").asText()).isEqualTo(newestFirst.getFirst());
        assertThat(first.get("previous").isNull()).isTrue();
        assertThat(RunningGateway.json(gateway.get(first.get("next").asText())).get("results"))
                .isEqualTo(last.get("results"));
    }

    @Test
    void shouldOfferAnotherPageWhenTheRouterCutsOneShort() throws Exception {
        for (int i = 0; i < 5; i++) {
            gateway.router.put(prediction(LONG_AGO.plusSeconds(100L + i)));
        }
        gateway.router.cutAfter.set(3);
        try {
            JsonNode first = RunningGateway.json(gateway.get(
                    "/v1/predictions?created_after=2026-01-02T03:05:45Z&created_before=2026-01-02T03:06:00Z"));
            assertThat(first.get("results")).hasSize(3);
            gateway.router.cutAfter.set(0);
            JsonNode second = RunningGateway.json(gateway.get(first.get("next").asText()));
            assertThat(second.get("results")).hasSize(2);
            assertThat(second.get("next").isNull()).isTrue();
        } finally {
            gateway.router.cutAfter.set(0);
        }
    }

    @Test
    void shouldServeTheNextPageWhenGoAppendsItsAddressToTheBaseUrl() throws Exception {
        for (int i = 0; i < 101; i++) {
            gateway.router.put(prediction(LONG_AGO.plusSeconds(5000L + i)));
        }
        JsonNode first = RunningGateway.json(gateway.get("/v1/predictions?created_after=2026-01-02T04:27:25Z"));
        String next = first.get("next").asText();
        assertThat(next).startsWith(gateway.base() + "/v1/predictions?cursor=");

        for (String path : List.of("/v1/" + next, "/v1/" + next.replace("http://", "http:/"), next)) {
            HttpResponse<String> response = gateway.get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            assertThat(RunningGateway.json(response).get("results")).hasSize(1);
        }
        assertThat(gateway.get("/v1/" + next, "Authorization", "").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"created_after=yesterday,created_after", "created_before=2026-13-01,created_before",
        "cursor=%21,cursor", "cursor=bm9wZQ,cursor", "source=api,source", "cursor=%FF,cursor"})
    void shouldRefuseWhenAQueryParameterIsWrong(String query, String field) throws Exception {
        HttpResponse<String> response = gateway.get("/v1/predictions?" + query);

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(RunningGateway.json(response).at("/invalid_fields/0/field").asText()).isEqualTo(field);
    }

    private ConsumerRecord<String, byte[]> commands(PredictionId id) {
        return gateway.records(List.of(topics.commands())).stream()
                .filter(record -> record.key().equals(id.value())).findFirst().orElse(null);
    }

    private PredictionId id(Instant time) {
        return PredictionId.create(time, random);
    }

    private Prediction prediction(Instant time) {
        PredictionId id = id(time);
        Job job = new Job(
                id, new AccountId("alice"), TestModels.ECHO.name(), TestModels.ECHO.latest().id(),
                TestModels.ECHO.latest().runner(), TestModels.ECHO.hardware().getLast(),
                dev.auspex.protocol.json.Json.object().put("prompt", "[{\"id\":\"inner\"}]"), null, time, null, "api",
                gateway.base(), new dev.auspex.protocol.PredictionUrls("w", "g", "c", null), 0, null,
                dev.auspex.protocol.JobLimits.DEFAULT, null, null);
        return Prediction.starting(job);
    }
}
