package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call of the official clients, as they put it on the wire, and what they need to find in the answer. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientWireFormsIT {

    private static final JsonNode FORMS = forms();
    /** Calls that a test of their own makes with whole streams and polls: StreamIT, OfficialClientIT. */
    private static final Set<String> ELSEWHERE = Set.of("stream");

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Edge edge;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        edge = Edge.start(kafka, topics, data);
    }

    @AfterAll
    void stop() throws Exception {
        edge.close();
    }

    private static JsonNode forms() {
        try (InputStream in = ClientWireFormsIT.class.getResourceAsStream("/clients/wire-forms.yaml")) {
            return new ObjectMapper(new YAMLFactory()).readTree(in);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Stream<String> clients() {
        return FORMS.path("clients").propertyStream().map(Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void shouldAnswerAsAClientNeedsItWhenItMakesItsCalls(String client) throws Exception {
        Map<String, String> values = new HashMap<>(Map.of("client", client, "token", Edge.TOKEN, "base", edge.base(0)));
        for (JsonNode step : FORMS.path("steps")) {
            if (isFor(step, client)) {
                take(step, client, values);
            }
        }
    }

    private void take(JsonNode step, String client, Map<String, String> values) throws Exception {
        String[] request = filled(step.path("request").asText(), values).split(" ", 2);
        String what = client + " " + step.path("row").asText() + ": " + request[0] + " " + request[1];
        HttpResponse<String> response = http.send(request(step, client, request, values), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(what + " " + response.body()).isEqualTo(step.path("status").asInt(200));
        if (step.has("holds")) {
            assertThat(response.body()).as(what).contains(step.path("holds").asText());
        }
        if (response.body().isEmpty() || step.has("holds")) {
            return;
        }
        JsonNode answer = Edge.json(response);
        step.path("needs").properties().forEach(need -> assertThat(isA(need.getValue().asText(), answer.at(need.getKey())))
                .as("%s: %s is %s in %s", what, need.getKey(), need.getValue().asText(), response.body())
                .isTrue());
        step.path("save").properties().forEach(save ->
                values.put(save.getKey(), answer.at(save.getValue().asText()).asText()));
    }

    private HttpRequest request(JsonNode step, String client, String[] request, Map<String, String> values) {
        JsonNode profile = FORMS.path("clients").path(client);
        URI address = URI.create(request[1].startsWith("http")
                ? request[1]
                : edge.base(0) + profile.path("base").asText() + request[1]);
        HttpRequest.Builder built = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(30))
                .method(request[0], body(step, values));
        for (JsonNode headers : List.of(profile.path("headers"), step.path("headers"))) {
            headers.properties().forEach(header -> built.setHeader(header.getKey(), filled(header.getValue().asText(), values)));
        }
        if (step.has("body")) {
            built.setHeader("Content-Type", "application/json");
        } else if (step.has("multipart")) {
            built.setHeader("Content-Type", "multipart/form-data; boundary=frontier");
        }
        return built.build();
    }

    private static BodyPublisher body(JsonNode step, Map<String, String> values) {
        if (step.has("body")) {
            return BodyPublishers.ofString(filled(step.path("body").toString(), values));
        }
        if (step.has("text")) {
            return BodyPublishers.ofString(step.path("text").asText());
        }
        if (!step.has("multipart")) {
            return BodyPublishers.noBody();
        }
        StringBuilder form = new StringBuilder("--frontier\r\n");
        step.path("multipart").forEach(line ->
                form.append(line.asText().equals("--") ? "--frontier" : line.asText()).append("\r\n"));
        return BodyPublishers.ofString(form.append("--frontier--\r\n").toString());
    }

    private static String filled(String text, Map<String, String> values) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("{" + value.getKey() + "}", value.getValue());
        }
        return filled;
    }

    private static boolean isA(String kind, JsonNode node) {
        return switch (kind) {
            case "text" -> node.isTextual();
            case "text or null" -> node.isTextual() || node.isNull();
            case "null" -> node.isNull();
            case "integer" -> node.isIntegralNumber();
            case "number" -> node.isNumber();
            case "array" -> node.isArray();
            case "object" -> node.isObject();
            default -> node.asText().equals(kind);
        };
    }

    private static boolean isFor(JsonNode step, String client) {
        return !step.has("clients") || step.path("clients").valueStream().anyMatch(name -> name.asText().equals(client));
    }

    @Test
    void shouldProveWhatTheCompatibilityTableSays() throws Exception {
        TreeMap<String, Set<String>> calls = new TreeMap<>();
        ELSEWHERE.forEach(call -> calls.put(call, Set.of()));
        FORMS.path("steps").forEach(step -> clients()
                .filter(client -> isFor(step, client))
                .forEach(client -> calls.computeIfAbsent(step.path("row").asText(), row -> new TreeSet<>()).add(client)));

        assertThat(CompatibilityTable.wired()).isEqualTo(calls);
    }
}
