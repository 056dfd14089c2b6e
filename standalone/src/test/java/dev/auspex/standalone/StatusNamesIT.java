package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who asks is told that a prediction was aborted; to all others it is canceled. No executor is there to begin one. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatusNamesIT {

    private static final String CREATE = "{\"version\":\"acme/painter\",\"input\":{\"status\":\"canceled\"}}";
    private static final String NAMES = "Auspex-Statuses";

    private Edge edge;

    @BeforeAll
    void start(KafkaClients clients, Topics names, @TempDir Path data) throws Exception {
        edge = Edge.start(clients, names, data);
    }

    @AfterAll
    void stop() throws Exception {
        edge.close();
    }

    private CompletableFuture<HttpResponse<String>> create(String key, String... more) {
        String[] headers = {"Prefer", "wait=30", "Cancel-After", "5s", "Idempotency-Key", key};
        String[] all = Arrays.copyOf(headers, headers.length + more.length);
        System.arraycopy(more, 0, all, headers.length, more.length);
        return edge.post(0, "/v1/predictions", CREATE, all);
    }

    private static String status(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        assertThat(answer.headers().allValues("vary")).contains(NAMES);
        JsonNode prediction = Edge.json(answer);
        assertThat(prediction.at("/input/status").asText()).isEqualTo("canceled");
        return prediction.path("status").asText();
    }

    private List<String> listed(String... headers) throws Exception {
        HttpResponse<String> answer = edge.get(1, "/v1/predictions", headers);
        assertThat(answer.headers().allValues("vary")).contains(NAMES);
        List<String> statuses = new ArrayList<>();
        Edge.json(answer).path("results").forEach(prediction -> statuses.add(prediction.path("status").asText()));
        return statuses;
    }

    @Test
    void shouldSayAbortedToThoseWhoAskWhenTheDeadlinePassedBeforeTheBegin() throws Exception {
        CompletableFuture<HttpResponse<String>> plain = create("plain");
        CompletableFuture<HttpResponse<String>> asking = create("asking", NAMES, "aborted");

        assertThat(status(plain.get())).isEqualTo("canceled");
        assertThat(status(asking.get())).isEqualTo("aborted");
        assertThat(status(create("plain", NAMES, "aborted").get())).as("repeated").isEqualTo("aborted");
        assertThat(status(create("asking").get())).as("repeated").isEqualTo("canceled");

        String path = "/v1/predictions/" + Edge.json(plain.get()).path("id").asText();
        assertThat(status(edge.get(1, path))).isEqualTo("canceled");
        assertThat(status(edge.get(1, path, NAMES, "aborted"))).isEqualTo("aborted");
        assertThat(status(edge.post(0, path + "/cancel", "").get())).isEqualTo("canceled");
        assertThat(status(edge.post(0, path + "/cancel", "", NAMES, "aborted").get())).isEqualTo("aborted");

        String stopped = Edge.json(edge.post(0, "/v1/predictions", CREATE).get()).path("id").asText();
        assertThat(status(edge.post(0, "/v1/predictions/" + stopped + "/cancel", "", NAMES, "aborted").get()))
                .as("somebody canceled it").isEqualTo("canceled");
        assertThat(listed(NAMES, "aborted")).containsExactly("canceled", "aborted", "aborted");
        assertThat(listed()).containsOnly("canceled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"canceled", "aborted, failed", "Aborted", ""})
    void shouldNameTheHeaderWhenItCannotBeRead(String value) throws Exception {
        int before = edge.jobs().size();
        for (HttpResponse<String> refused : List.of(
                edge.get(0, "/v1/predictions", NAMES, value),
                edge.get(0, "/v1/predictions/x", NAMES, value),
                edge.post(0, "/v1/predictions", CREATE, NAMES, value).get())) {
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
            assertThat(Edge.json(refused).at("/invalid_fields/0/field").asText()).isEqualTo(NAMES);
        }
        assertThat(edge.jobs()).hasSize(before);
    }
}
