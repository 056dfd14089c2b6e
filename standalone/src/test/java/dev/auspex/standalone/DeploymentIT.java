package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeploymentIT {

    private Edge edge;
    private String version;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        edge = Edge.start(kafka, topics, data);
        version = Edge.json(send("GET", 0, "/v1/models/" + Edge.MODEL, "")).at("/latest_version/id").asText();
    }

    @AfterAll
    void stop() throws Exception {
        edge.close();
    }

    private HttpResponse<String> send(String method, int gateway, String path, String body, String... headers)
            throws Exception {
        return edge.send(method, gateway, path, body, headers).get(30, TimeUnit.SECONDS);
    }

    private String body(String name, String hardware, int min, int max) {
        return "{\"name\":\"" + name + "\",\"model\":\"" + Edge.MODEL + "\",\"version\":\"" + version
                + "\",\"hardware\":\"" + hardware + "\",\"min_instances\":" + min + ",\"max_instances\":" + max + "}";
    }

    @Test
    void shouldRunOnItsOwnHardwareUntilItIsDisabledWhenADeploymentIsMade() throws Exception {
        HttpResponse<String> made = send("POST", 0, "/v1/deployments", body("alice/prod", "gpu-h100", 0, 3));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        JsonNode shown = Edge.json(made);
        assertThat(shown.get("owner").asText()).isEqualTo("alice");
        assertThat(shown.get("name").asText()).isEqualTo("prod");
        assertThat(shown.at("/current_release/number").asInt()).isEqualTo(1);
        assertThat(shown.at("/current_release/model").asText()).isEqualTo(Edge.MODEL.toString());
        assertThat(shown.at("/current_release/version").asText()).isEqualTo(version);
        assertThat(shown.at("/current_release/configuration"))
                .hasToString("{\"hardware\":\"gpu-h100\",\"min_instances\":0,\"max_instances\":3}");
        assertThat(send("GET", 0, "/v1/deployments/alice/prod", "").body()).isEqualTo(made.body());
        await().untilAsserted(() -> assertThat(send("GET", 1, "/v1/deployments/alice/prod", "").body())
                .as("the other gateway has read it").isEqualTo(made.body()));

        HttpResponse<String> prediction =
                send("POST", 1, "/v1/deployments/alice/prod/predictions", "{\"input\":{\"prompt\":\"deployed\"}}");
        assertThat(prediction.statusCode()).as(prediction.body()).isEqualTo(201);
        Job job = edge.jobs().stream()
                .filter(it -> it.input().path("prompt").asText().equals("deployed")).findFirst().orElseThrow();
        assertThat(job.hardware()).as("its own, not the model's first").hasToString("gpu-h100");
        assertThat(job.version()).hasToString(version);
        assertThat(Edge.json(prediction).get("deployment").asText()).isEqualTo("alice/prod");
        assertThat(send("GET", 0, "/v1/predictions/" + job.id(), "").body()).isEqualTo(prediction.body());

        HttpResponse<String> changed =
                send("PATCH", 0, "/v1/deployments/alice/prod", "{\"hardware\":\"cpu\",\"min_instances\":1}");
        assertThat(Edge.json(changed).at("/current_release/number").asInt()).isEqualTo(2);
        assertThat(Edge.json(changed).at("/current_release/configuration"))
                .hasToString("{\"hardware\":\"cpu\",\"min_instances\":1,\"max_instances\":3}");
        assertThat(Edge.json(send("GET", 0, "/v1/deployments", "")).at("/results/0/name").asText()).isEqualTo("prod");

        send("PATCH", 0, "/v1/deployments/alice/prod", "{\"min_instances\":0,\"max_instances\":0}");
        HttpResponse<String> refused = send("POST", 0, "/v1/deployments/alice/prod/predictions", "{\"input\":{}}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(Edge.json(refused).get("detail").asText()).contains("alice/prod is disabled");

        assertThat(send("DELETE", 0, "/v1/deployments/alice/prod", "").statusCode()).isEqualTo(204);
        assertThat(send("GET", 0, "/v1/deployments/alice/prod", "").statusCode()).isEqualTo(404);
        HttpResponse<String> again = send("POST", 0, "/v1/deployments", body("prod", "cpu", 0, 1));
        assertThat(Edge.json(again).at("/current_release/number").asInt()).as("a new one").isEqualTo(1);
    }

    @Test
    void shouldNotBeThereWhenAnotherAccountAsks() throws Exception {
        send("POST", 0, "/v1/deployments", body("mine", "cpu", 0, 1));
        String bob = "Bearer " + Edge.OTHER_TOKEN;

        assertThat(send("GET", 0, "/v1/deployments/alice/mine", "", "Authorization", bob).statusCode()).isEqualTo(404);
        assertThat(send("PATCH", 0, "/v1/deployments/alice/mine", "{}", "Authorization", bob).statusCode()).isEqualTo(404);
        assertThat(send("DELETE", 0, "/v1/deployments/alice/mine", "", "Authorization", bob).statusCode()).isEqualTo(404);
        assertThat(send("POST", 0, "/v1/deployments/alice/mine/predictions", "{\"input\":{}}", "Authorization", bob)
                .statusCode()).isEqualTo(404);
        assertThat(Edge.json(send("GET", 0, "/v1/deployments", "", "Authorization", bob)).get("results")).isEmpty();
        HttpResponse<String> twice = send("POST", 0, "/v1/deployments", body("mine", "cpu", 0, 1));
        assertThat(twice.statusCode()).isEqualTo(422);
        assertThat(Edge.json(twice).at("/invalid_fields/0/field").asText()).isEqualTo("name");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"\"name\":\"a/b/c\",name", "\"model\":\"acme/none\",version",
        "\"version\":\"x\",version", "\"hardware\":\"gpu-l40s\",hardware", "\"min_instances\":6,min_instances",
        "\"max_instances\":1.5,max_instances", "\"max_instances\":0,max_instances", "\"model\":null,model",
        "\"color\":\"red\",color"})
    void shouldNameTheFieldWhenADeploymentCannotBeMade(String wrong, String field) throws Exception {
        String key = wrong.substring(0, wrong.indexOf(':'));
        String body = body("refused", "cpu", 1, 2).replaceFirst(key + ":[^,}]*", wrong);
        HttpResponse<String> refused =
                send("POST", 0, "/v1/deployments", body.contains(wrong) ? body : body.replace("{", "{" + wrong + ","));

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(Edge.json(refused).at("/invalid_fields/0/field").asText()).isEqualTo(field);
    }
}
