package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelApiIT {

    private static final String[] BOB = {"Authorization", "Bearer " + Edge.OTHER_TOKEN};

    private Edge edge;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        edge = Edge.start(kafka, topics, data);
    }

    @AfterAll
    void stop() throws Exception {
        edge.close();
    }

    private HttpResponse<String> send(String method, int gateway, String path, String body, String... headers)
            throws Exception {
        return edge.send(method, gateway, path, body, headers).get(30, TimeUnit.SECONDS);
    }

    private JsonNode ok(int status, HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response.body().isEmpty() ? null : Edge.json(response);
    }

    private Job job(String prompt) {
        return edge.jobs().stream()
                .filter(job -> job.input().path("prompt").asText().equals(prompt)).findFirst().orElseThrow();
    }

    @Test
    void shouldBeMadeChangedAndRemovedWhenAnAccountMakesAModel() throws Exception {
        JsonNode made = ok(201, send("POST", 0, "/v1/models", """
                {"owner":"bob","name":"sketch","visibility":"private","hardware":"cpu","description":"Sketches",
                 "github_url":"https://github.com/bob/sketch"}""", BOB));
        assertThat(made.get("visibility").asText()).isEqualTo("private");
        assertThat(made.get("github_url").asText()).isEqualTo("https://github.com/bob/sketch");
        assertThat(made.get("latest_version").isNull()).isTrue();
        assertThat(made.get("default_example").isNull()).isTrue();
        String path = "/v1/models/bob/sketch";
        await().untilAsserted(() -> ok(200, send("GET", 1, path, "", BOB)));
        assertThat(ok(422, send("POST", 0, path + "/predictions", "{\"input\":{}}", BOB)).get("detail").asText())
                .contains("no version yet");
        assertThat(ok(422, send("POST", 0, "/v1/models",
                "{\"owner\":\"bob\",\"name\":\"sketch\",\"visibility\":\"public\",\"hardware\":\"cpu\"}", BOB))
                .at("/invalid_fields/0/field").asText()).isEqualTo("name");

        JsonNode changed = ok(200, send("PATCH", 0, path,
                "{\"description\":\"Draws\",\"readme\":\"# Draws\",\"github_url\":\"\"}", BOB));
        assertThat(changed.get("description").asText()).isEqualTo("Draws");
        assertThat(changed.get("github_url").isNull()).isTrue();
        assertThat(send("GET", 0, path + "/readme", "", BOB).body()).isEqualTo("# Draws");

        JsonNode published = ok(200, send("PUT", 0, path,
                "{\"visibility\":\"private\",\"hardware\":\"cpu\",\"runner\":{\"kind\":\"builtin\",\"model\":\"painter\"}}",
                BOB));
        String version = published.at("/latest_version/id").asText();
        assertThat(published.at("/latest_version/openapi_schema/components/schemas/Input/type").asText())
                .as("that of what is built in").isEqualTo("object");
        ok(201, send("POST", 0, path + "/predictions", "{\"input\":{\"prompt\":\"own model\"}}", BOB));
        assertThat(job("own model").runner()).isEqualTo(new Runner.Builtin("painter"));
        assertThat(job("own model").model()).hasToString("bob/sketch");

        assertThat(ok(422, send("DELETE", 0, path, "", BOB)).get("detail").asText()).contains("delete them first");
        ok(204, send("DELETE", 0, path + "/versions/" + version, "", BOB));
        ok(422, send("POST", 0, "/v1/predictions", "{\"version\":\"" + version + "\",\"input\":{}}", BOB));
        ok(204, send("DELETE", 0, path, "", BOB));
        ok(404, send("GET", 0, path, "", BOB));
    }

    @Test
    void shouldLetOneAccountHaveTheNameWhenTwoMakeItAtOnce() throws Exception {
        for (int i = 0; i < 8; i++) {
            String name = "raced" + i;
            String body = "{\"owner\":\"bob\",\"name\":\"" + name
                    + "\",\"visibility\":\"private\",\"hardware\":\"cpu\",\"description\":\"hush\"}";
            // Alice administers, so she may make models of the owner bob.
            var racing = List.of(
                    i % 2 == 0
                            ? edge.send("POST", 0, "/v1/models", body)
                            : edge.send("PUT", 0, "/v1/models/bob/" + name,
                                    "{\"hardware\":\"cpu\",\"runner\":{\"kind\":\"builtin\",\"model\":\"painter\"}}"),
                    edge.send("POST", 1, "/v1/models", body, BOB));
            HttpResponse<String> alices = racing.getFirst().get(30, TimeUnit.SECONDS);
            HttpResponse<String> bobs = racing.getLast().get(30, TimeUnit.SECONDS);
            HttpResponse<String> lost = alices.statusCode() == 201 ? bobs : alices;

            assertThat(List.of(alices.statusCode(), bobs.statusCode())).as(alices.body() + bobs.body())
                    .containsExactlyInAnyOrder(201, 422);
            assertThat(Edge.json(lost).at("/invalid_fields/0/field").asText()).isEqualTo("name");
            assertThat(lost.body()).contains("a model of this name already").doesNotContain("hush", "private", "alice");
        }
    }

    @Test
    void shouldSayNoMoreThanThatItIsTakenWhenAPrivateModelHasTheName() throws Exception {
        String fields = "\"hardware\":\"cpu\",\"runner\":{\"kind\":\"builtin\",\"model\":\"painter\"},\"description\":\"hush\"";
        ok(201, send("PUT", 0, "/v1/models/bob/taken", "{\"visibility\":\"private\"," + fields + "}"));
        ok(201, send("PUT", 0, "/v1/models/alice/hidden", "{\"visibility\":\"private\"," + fields + "}"));
        await().untilAsserted(() -> assertThat(send("POST", 1, "/v1/models",
                "{\"owner\":\"bob\",\"name\":\"taken\",\"visibility\":\"public\",\"hardware\":\"cpu\"}", BOB).statusCode())
                .isEqualTo(422));

        HttpResponse<String> put = send("PUT", 1, "/v1/models/bob/taken", "{" + fields + "}", BOB);
        HttpResponse<String> hidden = send("PUT", 0, "/v1/models/alice/hidden", "{" + fields + "}", BOB);
        HttpResponse<String> none = send("PUT", 0, "/v1/models/alice/none", "{" + fields + "}", BOB);

        assertThat(ok(422, put).at("/invalid_fields/0/field").asText()).isEqualTo("name");
        assertThat(put.body()).doesNotContain("hush", "private", "alice");
        assertThat(hidden.statusCode()).as("whether it is there or not").isEqualTo(403);
        assertThat(hidden.body()).isEqualTo(none.body());
    }

    @Test
    void shouldNotBeThereWhenAModelIsPrivateAndAnotherAccountAsks() throws Exception {
        String version = ok(201, send("PUT", 0, "/v1/models/alice/secret",
                "{\"visibility\":\"private\",\"description\":\"hush\",\"runner\":{\"kind\":\"builtin\",\"model\":\"painter\"}}"))
                .at("/latest_version/id").asText();
        for (String path : List.of("", "/versions", "/versions/" + version, "/readme", "/examples")) {
            ok(404, send("GET", 0, "/v1/models/alice/secret" + path, "", BOB));
        }
        ok(404, send("PATCH", 0, "/v1/models/alice/secret", "{}", BOB));
        ok(404, send("DELETE", 0, "/v1/models/alice/secret", "", BOB));
        ok(404, send("DELETE", 0, "/v1/models/alice/secret/versions/" + version, "", BOB));
        ok(404, send("POST", 0, "/v1/models/alice/secret/predictions", "{\"input\":{}}", BOB));
        for (String ref : List.of(version, "alice/secret", "alice/secret:" + version)) {
            ok(422, send("POST", 0, "/v1/predictions", "{\"version\":\"" + ref + "\",\"input\":{}}", BOB));
        }
        assertThat(send("QUERY", 0, "/v1/models", "hush", BOB).body()).doesNotContain("secret");
        assertThat(send("GET", 0, "/v1/search?query=hush", "", BOB).body()).doesNotContain("\"secret\"");
        assertThat(send("GET", 0, "/v1/models", "", BOB).body()).doesNotContain("\"secret\"");
        assertThat(ok(422, send("POST", 0, "/v1/deployments", "{\"name\":\"d\",\"model\":\"alice/secret\",\"version\":\""
                + version + "\",\"hardware\":\"cpu\",\"min_instances\":0,\"max_instances\":1}", BOB))
                .at("/invalid_fields/0/field").asText()).isEqualTo("version");
        assertThat(send("GET", 0, "/v1/models", "").body()).contains("\"secret\"");
    }

    @Test
    void shouldAnswerUnderTheNameOfSomebodyElsesModelWhenAnOperatorPublishesIt() throws Exception {
        HttpResponse<String> made = send("PUT", 0, "/v1/models/black-forest-labs/flux-schnell", """
                {"hardware":["gpu-h100","cpu"],"runner":{"kind":"cog-url","url":"http://10.1.2.3:5000"},
                 "openapi_schema":{"components":{"schemas":{
                   "Input":{"type":"object","required":["prompt"],"properties":{"prompt":{"type":"string"}}},
                   "Output":{"type":"array","items":{"type":"string","format":"uri"},"x-cog-array-type":"iterator"}}}}}""");
        ok(201, made);
        assertThat(made.headers().firstValue("Auspex-Effect")).hasValue("created");
        await().untilAsserted(() -> ok(200, send("GET", 1, "/v1/models/black-forest-labs/flux-schnell", "", BOB)));

        JsonNode prediction = ok(201, send("POST", 1, "/v1/models/black-forest-labs/flux-schnell/predictions",
                "{\"input\":{\"prompt\":\"as on Replicate\"}}", BOB));

        assertThat(job("as on Replicate").runner()).isEqualTo(new Runner.CogUrl("http://10.1.2.3:5000"));
        assertThat(job("as on Replicate").hardware()).hasToString("gpu-h100");
        assertThat(prediction.at("/urls/stream").asText()).as("chunks are files").contains("/v1/files/");
        assertThat(send("GET", 1, "/v1/models/black-forest-labs/flux-schnell", "", BOB).body())
                .as("where it runs is nobody's business").doesNotContain("10.1.2.3");
        ok(403, send("PATCH", 0, "/v1/models/black-forest-labs/flux-schnell", "{\"description\":\"mine\"}", BOB));
        ok(422, send("POST", 1, "/v1/models/black-forest-labs/flux-schnell/predictions", "{\"input\":{}}", BOB));
    }

    @Test
    void shouldShowACopyOfThePredictionWhenItIsMadeTheExample() throws Exception {
        String path = "/v1/models/bob/shown";
        ok(201, send("PUT", 0, path, "{\"runner\":{\"kind\":\"builtin\",\"model\":\"painter\"}}", BOB));
        ok(201, send("POST", 0, path + "/predictions",
                "{\"input\":{\"prompt\":\"an example\"},\"webhook\":\"https://example.com/bob\"}", BOB));
        Job job = job("an example");
        String example = "{\"default_example\":\"" + job.id() + "\"}";
        assertThat(ok(422, send("PATCH", 0, path, example, BOB)).get("detail").asText()).contains("has succeeded");
        edge.write(edge.topics().events(), job.id().value(), Serdes.EVENT.serialize(new AttemptEvent(
                job.id(), job.account(), new AttemptId("00000000000000000001"), new ExecutorId("e1"), job.createdAt(),
                new AttemptEvent.Succeeded(new TextNode("painted"), "", Json.object(), job.createdAt()))));
        await().untilAsserted(() -> assertThat(send("GET", 0, "/v1/predictions/" + job.id(), "", BOB).body())
                .contains("\"succeeded\""));

        JsonNode shown = ok(200, send("PATCH", 0, path, example, BOB)).get("default_example");

        assertThat(shown.get("id").asText()).isEqualTo(job.id().value());
        assertThat(shown.get("output").asText()).isEqualTo("painted");
        assertThat(shown.has("webhook")).as("whom bob tells is nobody's business").isFalse();
        assertThat(ok(200, send("GET", 0, path + "/examples", "")).at("/results/0")).isEqualTo(shown);
        ok(200, send("PUT", 0, path, "{\"runner\":{\"kind\":\"builtin\",\"model\":\"painter\"},\"readme\":\"x\"}", BOB));
        assertThat(ok(200, send("GET", 0, path + "/examples", "")).get("results")).as("stays").hasSize(1);
        ok(200, send("PATCH", 0, path, "{\"default_example\":null}", BOB));
        assertThat(ok(200, send("GET", 0, path + "/examples", "")).get("results")).isEmpty();
        for (String other : List.of("nothing", "01kdyak3see2pvzfhg7rstevqk", job("an example").id().value().substring(1))) {
            assertThat(ok(422, send("PATCH", 0, path, "{\"default_example\":\"" + other + "\"}", BOB))
                    .at("/invalid_fields/0/field").asText()).as(other).isEqualTo("default_example");
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        "PUT | /v1/models/openai/clip | {\"hardware\":\"cpu\"} | 403",
        "PUT | /v1/models/bob/cog | {\"hardware\":\"cpu\",\"runner\":{\"kind\":\"cog-url\",\"url\":\"http://x.test\"}} | 403",
        "PUT | /v1/models/bob/img | {\"hardware\":\"cpu\",\"runner\":{\"kind\":\"cog-docker\",\"image\":\"x\"}} | 403",
        "PUT | /v1/models/acme/painter | {\"hardware\":\"cpu\"} | 403",
        "PATCH | /v1/models/acme/painter | {\"description\":\"mine\"} | 403",
        "DELETE | /v1/models/acme/painter | `` | 403",
        "PUT | /v1/models/bob/x | {} | hardware",
        "PUT | /v1/models/bob/x | [] | ``",
        "PUT | /v1/models/bob/x | {\"hardware\":[]} | hardware",
        "PUT | /v1/models/bob/x | {\"hardware\":\"gpu-t800\"} | hardware",
        "PUT | /v1/models/bob/x | {\"hardware\":\"cpu\",\"color\":\"red\"} | color",
        "PUT | /v1/models/bob/x | {\"hardware\":\"cpu\",\"visibility\":\"secret\"} | visibility",
        "PUT | /v1/models/bob/x | {\"hardware\":\"cpu\",\"paper_url\":\"ftp://x\"} | paper_url",
        "PUT | /v1/models/bob/x | {\"hardware\":\"cpu\",\"runner\":{\"kind\":\"shell\"}} | runner.kind",
        "PUT | /v1/models/bob/x | {\"hardware\":\"cpu\",\"runner\":{\"kind\":\"builtin\",\"model\":\"no\"}} | runner.model",
        "PUT | /v1/models/bob/x | {\"hardware\":\"cpu\",\"runner\":{\"kind\":\"builtin\",\"model\":\"painter\",\"gpu\":1}} | runner.gpu",
        "PUT | /v1/models/bob/x | {\"hardware\":\"cpu\",\"runner\":{\"kind\":\"builtin\",\"model\":\"painter\"},\"openapi_schema\":7} | openapi_schema",
        "POST | /v1/models | {\"owner\":\"bob\"} | name",
        "POST | /v1/models | {\"owner\":\"bob\",\"name\":\"a b\",\"visibility\":\"public\",\"hardware\":\"cpu\"} | name",
        "POST | /v1/models | {\"owner\":\"alice\",\"name\":\"x\",\"visibility\":\"public\",\"hardware\":\"cpu\"} | 403"})
    void shouldSayWhyWhenAModelCannotBeMadeOrChanged(String method, String path, String body, String expected)
            throws Exception {
        HttpResponse<String> refused = send(method, 0, path, body, BOB);

        if (expected.equals("403")) {
            assertThat(ok(403, refused).get("detail").asText()).isNotBlank();
        } else {
            assertThat(ok(422, refused).at("/invalid_fields/0/field").asText()).isEqualTo(expected);
        }
    }

    @Test
    void shouldSayWhatItDidWhenACatalogueFileIsAppliedTwice(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("models.yaml"), """
                models:
                  - name: alice/poster
                    description: Posters
                    readme: "# Posters"
                    runner: { kind: builtin, model: painter }
                  - name: stability-ai/sdxl
                    hardware: [gpu-h100]
                    runner: { kind: cog-docker, image: "registry.example/sdxl:1" }
                """);
        assertThat(run(0, "apply", file.toString())).isEqualToIgnoringNewLines("created alice/poster\ncreated stability-ai/sdxl");
        assertThat(run(0, "apply", file.toString()))
                .isEqualToIgnoringNewLines("unchanged alice/poster\nunchanged stability-ai/sdxl");
        Files.writeString(file, Files.readString(file).replace("sdxl:1", "sdxl:2"));
        assertThat(run(0, "apply", file.toString()))
                .isEqualToIgnoringNewLines("unchanged alice/poster\nchanged stability-ai/sdxl");
        assertThat(ok(200, send("GET", 0, "/v1/models/stability-ai/sdxl/versions", "")).get("results")).hasSize(2);

        edge.restartRouter();
        await().untilAsserted(() -> assertThat(run(0, "apply", file.toString())).contains("unchanged stability-ai/sdxl"));
        Files.writeString(file, Files.readString(file).replace("[gpu-h100]", "[gpu-t800]").replace("Posters", "Prints"));
        assertThat(run(2, "apply", file.toString())).contains("changed alice/poster").contains("refused stability-ai/sdxl")
                .contains("hardware: expected skus");
        assertThat(run(0, "show", "alice/poster")).contains("alice/poster  Prints").contains("hardware    cpu, gpu-h100");
        assertThat(run(0, "list")).contains("stability-ai/sdxl").contains("acme/painter");
        assertThat(run(2, "show", "alice")).isEmpty();
        assertThat(run(2, "show", "alice/none")).isEmpty();
    }

    private String run(int code, String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine commands = Auspex.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
        List<String> all = new java.util.ArrayList<>(List.of("models"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--url", edge.base(0), "--token", Edge.TOKEN));
        assertThat(commands.execute(all.toArray(String[]::new))).as(out.toString()).isEqualTo(code);
        return out.toString();
    }
}
