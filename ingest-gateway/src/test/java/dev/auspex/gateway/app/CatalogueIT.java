package dev.auspex.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.protocol.worker.WorkerStatus;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogueIT {

    private static final String PAINTER = "/v1/models/acme/painter";

    private RunningGateway gateway;
    private KafkaClients kafka;
    private Topics topics;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics) throws Exception {
        this.kafka = kafka;
        this.topics = topics;
        RunningGateway.publish(kafka, topics, TestModels.ECHO, TestModels.PAINTER, TestModels.GIANT);
        gateway = RunningGateway.start(kafka, topics, Map.of("http.url", "https://api.example.com/"));
    }

    @AfterAll
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void shouldShowWhatClientsNeedWhenAModelIsRead() throws Exception {
        JsonNode model = json(PAINTER);

        assertThat(model.get("url").asText()).isEqualTo("https://api.example.com/v1/models/acme/painter");
        assertThat(model.get("owner").asText()).isEqualTo("acme");
        assertThat(model.get("name").asText()).isEqualTo("painter");
        assertThat(model.get("description").asText()).isEqualTo("Paints pictures");
        assertThat(model.get("visibility").asText()).isEqualTo("public");
        assertThat(model.get("run_count").isIntegralNumber()).isTrue();
        assertThat(model.get("latest_version").get("id").asText())
                .isEqualTo(TestModels.PAINTER.latest().id().value());
        assertThat(model.get("latest_version").get("cog_version").asText()).isEmpty();
        assertThat(model.get("latest_version").get("openapi_schema").at("/components/schemas/Input").isObject()).isTrue();
        assertThat(model.has("default_example")).isTrue();
    }

    @Test
    void shouldListTheWorkersThatLiveWhenAsked() throws Exception {
        WorkerStatus here = worker("executor-1", Instant.now());
        WorkerStatus gone = worker("executor-2", Instant.now().minusSeconds(3600));
        try (KafkaProducer<String, byte[]> producer = kafka.producer("workers", Map.of())) {
            for (WorkerStatus worker : List.of(here, gone)) {
                producer.send(new ProducerRecord<>(
                                topics.workers(), worker.executor().value(), Serdes.WORKER.serialize(worker)))
                        .get();
            }
            producer.send(new ProducerRecord<>(topics.workers(), "executor-3", null)).get();
        }

        Awaitility.await().untilAsserted(() -> assertThat(json("/v1/workers").path("results")).singleElement().satisfies(worker -> {
            assertThat(worker.path("id").asText()).isEqualTo("executor-1");
            assertThat(worker.path("state").asText()).isEqualTo("ready");
            assertThat(worker.at("/hardware/0/sku").asText()).isEqualTo("cpu");
        }));
    }

    private static WorkerStatus worker(String id, Instant at) {
        return new WorkerStatus(
                new ExecutorId(id), null, at, at,
                List.of(new WorkerStatus.Served(new HardwareClass("cpu"), null, List.of())), List.of(), List.of());
    }

    @Test
    void shouldListVersionsNewestFirstWhenAsked() throws Exception {
        JsonNode versions = json(PAINTER + "/versions");

        assertThat(versions.get("results").findValuesAsText("id")).containsExactly(
                TestModels.PAINTER.versions().get(0).id().value(), TestModels.PAINTER.versions().get(1).id().value());
        String old = TestModels.PAINTER.versions().get(1).id().value();
        assertThat(json(PAINTER + "/versions/" + old).get("id").asText()).isEqualTo(old);
    }

    @Test
    void shouldAnswerTheDescriptionWhenTheReadmeIsRead() throws Exception {
        HttpResponse<String> readme = gateway.get(PAINTER + "/readme");

        assertThat(readme.body()).isEqualTo("Paints pictures");
        assertThat(readme.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/acme/absent", "/v1/models/acme/absent/versions", "/v1/models/a%20b/c",
        "/v1/models/acme/painter/versions/nope", "/v1/models/acme/giant/readme",
        "/v1/models/acme/painter/versions/0000000000000000000000000000000000000000000000000000000000000000"})
    void shouldAnswer404WhenThereIsNoSuchThing(String path) throws Exception {
        assertThat(gateway.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void shouldListModelsInTheOrderThatIsAskedFor() throws Exception {
        assertThat(json("/v1/models").get("results").findValuesAsText("name"))
                .containsExactly("painter", "echo", "giant");
        assertThat(json("/v1/models?sort_by=model_created_at&sort_direction=asc").get("results").findValuesAsText("name"))
                .containsExactly("giant", "painter", "echo");
        assertThat(gateway.get("/v1/models?sort_by=size").statusCode()).isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"paint,text/plain", "\"PAINT\",application/json", "\"paint\",text/plain"})
    void shouldFindModelsWhenTheQueryMethodIsUsed(String text, String type) throws Exception {
        JsonNode found = RunningGateway.json(gateway.send(gateway.request("/v1/models", "Content-Type", type)
                .method("QUERY", HttpRequest.BodyPublishers.ofString(text)).build()));

        assertThat(found.get("results").findValuesAsText("name")).containsExactly("painter");
    }

    @Test
    void shouldFollowTheCatalogueWhenModelsComeAndGo() throws Exception {
        var late = TestModels.named("acme/late");
        RunningGateway.publish(kafka, topics, late);
        Awaitility.await().untilAsserted(
                () -> assertThat(gateway.get("/v1/models/acme/late").statusCode()).isEqualTo(200));

        try (KafkaProducer<String, byte[]> producer = kafka.producer("test", Map.of())) {
            producer.send(new ProducerRecord<>(topics.catalog(), "acme/late", null)).get();
        }
        Awaitility.await().untilAsserted(
                () -> assertThat(gateway.get("/v1/models/acme/late").statusCode()).isEqualTo(404));
    }

    @Test
    void shouldRankModelsWhenSearching() throws Exception {
        JsonNode found = json("/v1/search?query=PICT&limit=5");

        assertThat(found.get("query").asText()).isEqualTo("PICT");
        assertThat(found.at("/models/0/model/name").asText()).isEqualTo("painter");
        assertThat(found.at("/models/0/model/latest_version/id").isTextual()).isTrue();
        assertThat(found.at("/models/0/metadata/score").asDouble()).isBetween(0.0, 1.0);
        assertThat(found.at("/models/0/metadata/tags").isArray()).isTrue();
        assertThat(found.get("collections").isArray() && found.get("pages").isArray()).isTrue();
        for (String query : new String[] {"", "?query=%20", "?query=x&limit=51", "?query=x&limit=0"}) {
            assertThat(gateway.get("/v1/search" + query).statusCode()).as(query).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/collections", "/v1/trainings"})
    void shouldBeAnEmptyPageWhenAnInstallationHasNoneOfIt(String path) throws Exception {
        assertThat(json(path)).hasToString("{\"next\":null,\"previous\":null,\"results\":[]}");
        assertThat(gateway.get(path + "/nothing").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"POST,/v1/models,422", "PATCH,/v1/models/acme/painter,403", "DELETE,/v1/models/acme/painter,403",
        "DELETE,/v1/models/acme/painter/versions/VERSION,403", "DELETE,/v1/models/acme/painter/versions/x,404",
        "DELETE,/v1/models/acme/nothing,404", "POST,/v1/models/acme/painter/versions/VERSION/trainings,403",
        "POST,/v1/models/acme/nothing/versions/VERSION/trainings,404", "POST,/v1/trainings/x/cancel,404"})
    void shouldSayWhyWhenTheCatalogueIsToBeChanged(String method, String path, int status) throws Exception {
        String version = TestModels.PAINTER.latest().id().value();
        HttpResponse<String> refused = gateway.send(gateway.request(path.replace("VERSION", version))
                .method(method, HttpRequest.BodyPublishers.ofString("{}")).build());

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(RunningGateway.json(refused).get("detail").asText()).isNotBlank();
        assertThat(gateway.get("/v1/models/acme/painter").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldListTheInstallationsHardwareAsABareArray() throws Exception {
        assertThat(json("/v1/hardware"))
                .hasToString("[{\"name\":\"CPU\",\"sku\":\"cpu\"},{\"name\":\"H100\",\"sku\":\"gpu-h100\"}]");
    }

    @Test
    void shouldSayWhoseTokenItIsWhenTheAccountIsRead() throws Exception {
        assertThat(json("/v1/account"))
                .hasToString("{\"type\":\"organization\",\"username\":\"alice\",\"name\":\"alice\"}");
        assertThat(json("/v1/webhooks/default/secret").get("key").asText())
                .isEqualTo(RunningGateway.SECRET.webhookSecret(new dev.auspex.protocol.AccountId("alice")));
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> response = gateway.get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return RunningGateway.json(response);
    }
}
