package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Fault 14: every route there is, with another tenant's ids. What exists and what does not must look the same. */
@ExtendWith(KafkaExtension.class)
class IsolationIT {

    private static final String BOB = "Bearer " + Edge.OTHER_TOKEN;
    private static final String CREATE = "{\"version\":\"acme/painter\",\"input\":{\"prompt\":\"alice's secret\"}}";
    private static final String NOBODYS = "0".repeat(26);
    /** What all accounts share; webhooks are the dispatcher's, which has a test of its own. */
    private static final List<String> SHARED = List.of(
            "/v1/models", "/v1/collections", "/v1/hardware", "/v1/search", "/v1/webhooks", "/v1/trainings", "/v1/streams");

    private record Kind(String area, String alices, String nobodys) {}

    @Test
    void shouldAnswerAsIfThereWereNothingWhenAnotherTenantsIdsAreTried(
            KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        try (Edge edge = Edge.start(kafka, topics, data)) {
            List<Kind> kinds = alices(edge);
            List<String> tried = new ArrayList<>();
            for (String route : edge.routes()) {
                String method = route.substring(0, route.indexOf(' '));
                String path = route.substring(route.indexOf(' ') + 1);
                // A stream's address is signed: whoever has it may read, whatever the account.
                if (SHARED.stream().anyMatch(path::startsWith) || path.contains("deliveries") || path.contains(":token")) {
                    continue;
                }
                if (path.contains(":")) {
                    Kind kind = kinds.stream().filter(each -> path.startsWith(each.area())).findFirst()
                            .orElseThrow(() -> new AssertionError("no ids of alice's to try at " + route));
                    String alices = fill(path, kind.alices());
                    String nobodys = fill(path, kind.nobodys());
                    HttpResponse<String> real = ask(edge, method, alices, BOB);
                    HttpResponse<String> none = ask(edge, method, nobodys, BOB);

                    // A body may be refused before anybody looks who it is about: the same for both.
                    assertThat(real.statusCode()).as(method + " " + alices + ": " + real.body()).isIn(
                            path.startsWith("/v1/accounts") ? 403 : 404, method.equals("PATCH") ? 422 : 404);
                    assertThat(real.body()).as(method + " " + alices).isEqualTo(none.body());
                    assertThat(real.statusCode()).isEqualTo(none.statusCode());
                    assertThat(real.headers().map().keySet()).as(route).isEqualTo(none.headers().map().keySet());
                    tried.add(route);
                } else if (method.equals("GET")) {
                    String all = ask(edge, method, path, BOB).body();
                    kinds.forEach(kind -> assertThat(all).as(route).doesNotContain(kind.alices()));
                }
            }
            assertThat(tried).hasSizeGreaterThan(15);
            for (Kind kind : kinds.subList(0, 4)) {
                assertThat(ask(edge, "GET", kind.area() + "/" + kind.alices(), "Bearer " + Edge.TOKEN).statusCode())
                        .as(kind.area() + " is there for alice").isEqualTo(200);
            }
        }
    }

    private static List<Kind> alices(Edge edge) throws Exception {
        JsonNode prediction = Edge.json(edge.post(0, "/v1/predictions", CREATE).get());
        String form = "--x\r\nContent-Disposition: form-data; name=\"content\"; filename=\"a.txt\"\r\n\r\nalice\r\n--x--\r\n";
        JsonNode file = Edge.json(
                edge.post(0, "/v1/files", form, "Content-Type", "multipart/form-data; boundary=x").get(30, TimeUnit.SECONDS));
        String version = Edge.json(edge.get(0, "/v1/models/acme/painter")).at("/latest_version/id").asText();
        edge.post(0, "/v1/deployments", "{\"name\":\"prod\",\"model\":\"acme/painter\",\"version\":\"" + version
                + "\",\"hardware\":\"cpu\",\"min_instances\":0,\"max_instances\":1}").get(30, TimeUnit.SECONDS);
        JsonNode token = Edge.json(edge.post(0, "/v1/tokens", "{\"name\":\"alice's\"}").get(30, TimeUnit.SECONDS));
        JsonNode replay = Edge.json(edge.post(0, "/v1/replays", "{}").get(30, TimeUnit.SECONDS));
        await().untilAsserted(() -> {
            assertThat(edge.get(0, "/v1/deployments/alice/prod").statusCode()).isEqualTo(200);
            assertThat(edge.get(0, "/v1/replays/" + replay.path("id").asText()).statusCode()).as(replay.toString()).isEqualTo(200);
        });
        String id = prediction.get("id").asText();
        return List.of(
                new Kind("/v1/predictions", id, NOBODYS),
                new Kind("/v1/files", file.get("id").asText(), NOBODYS),
                new Kind("/v1/tokens", token.get("id").asText(), "tok_" + "a".repeat(20)),
                new Kind("/v1/deployments", "alice/prod", "alice/none"),
                new Kind("/v1/replays", replay.get("id").asText(), NOBODYS),
                new Kind("/v1/dead", id, NOBODYS),
                new Kind("/v1/accounts", "alice", "nobody"));
    }

    // A deployment's name has two parts.
    private static String fill(String route, String id) {
        Map<String, String> values = new LinkedHashMap<>();
        int slash = id.indexOf('/');
        values.put(":owner", slash < 0 ? id : id.substring(0, slash));
        values.put(":name", slash < 0 ? id : id.substring(slash + 1));
        values.put(":id", id);
        String path = route;
        for (Map.Entry<String, String> value : values.entrySet()) {
            path = path.replace(value.getKey(), value.getValue());
        }
        assertThat(path).as("every parameter is filled in").doesNotContain(":");
        return path;
    }

    private static HttpResponse<String> ask(Edge edge, String method, String path, String authorization) throws Exception {
        String body = path.endsWith("/predictions") ? "{\"input\":{}}" : method.equals("PATCH") ? "{}" : "";
        return edge.send(method, 0, path, body,
                        "Authorization", authorization)
                .get(30, TimeUnit.SECONDS);
    }
}
