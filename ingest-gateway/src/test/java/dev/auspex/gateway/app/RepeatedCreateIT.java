package dev.auspex.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the blind retries of official clients lead to: they re-send a create when its connection breaks. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepeatedCreateIT {

    private RunningGateway gateway;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics) throws Exception {
        RunningGateway.publish(kafka, topics, TestModels.ECHO);
        gateway = RunningGateway.start(kafka, topics, Map.of());
    }

    @AfterAll
    void stop() throws Exception {
        gateway.close();
    }

    private static String body(String prompt) {
        return "{\"version\":\"" + TestModels.ECHO.latest().id() + "\",\"input\":{\"prompt\":\"" + prompt + "\"}}";
    }

    private List<String> made(String prompt) {
        return gateway.jobs().stream()
                .filter(job -> job.input().path("prompt").asText().equals(prompt))
                .map(job -> job.id().value())
                .toList();
    }

    /** Sends a create that waits, and closes the connection when the job is in Kafka. */
    private String lose(String prompt, String authorization) throws Exception {
        int others = made(prompt).size();
        int abandoned = gateway.router.abandoned.get();
        byte[] content = body(prompt).getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket("127.0.0.1", gateway.gateway.port())) {
            socket.getOutputStream().write(("POST /v1/predictions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                    + authorization + "\r\nPrefer: wait=30\r\nContent-Length: " + content.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(content);
            Awaitility.await().until(() -> made(prompt).size() > others);
            Job job = gateway.jobs().stream().filter(it -> it.input().path("prompt").asText().equals(prompt))
                    .max(java.util.Comparator.comparing(Job::id)).orElseThrow();
            Awaitility.await().until(() -> gateway.router.asked.stream()
                    .anyMatch(uri -> uri.contains(job.id() + "?wait_ms")));
            socket.close();
            // The gateway has noticed when it gives up its own question.
            Awaitility.await().until(() -> gateway.router.abandoned.get() > abandoned);
            gateway.router.put(Prediction.starting(job));
            return job.id().value();
        }
    }

    private String post(String prompt, String... headers) throws Exception {
        HttpResponse<String> response = gateway.post("/v1/predictions", body(prompt), headers);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return RunningGateway.json(response).get("id").asText();
    }

    @Test
    void shouldAnswerWithTheSamePredictionWhenAnUnansweredRequestIsSentAgain() throws Exception {
        String lost = lose("again", RunningGateway.TOKEN);

        HttpResponse<String> repeated = gateway.post("/v1/predictions", body("again"));
        String meant = post("again");

        assertThat(repeated.statusCode()).isEqualTo(201);
        assertThat(repeated.headers().firstValue("idempotent-replayed")).hasValue("true");
        assertThat(RunningGateway.json(repeated).get("id").asText()).isEqualTo(lost);
        assertThat(RunningGateway.json(repeated).get("status").asText()).isEqualTo("starting");
        assertThat(made("again")).as("the third request was meant").containsExactlyInAnyOrder(lost, meant);
        assertThat(gateway.get("/metrics").body()).containsPattern("auspex_predictions_repeated_total [1-9]");
    }

    @Test
    void shouldListenToClientsWhenTheyCountTheirTries() throws Exception {
        String lost = lose("counted", RunningGateway.TOKEN);

        String first = post("counted", "x-stainless-retry-count", "0");
        String retry = post("counted", "x-stainless-retry-count", "1");

        assertThat(retry).isEqualTo(lost);
        assertThat(made("counted")).containsExactlyInAnyOrder(lost, first);
    }

    @Test
    void shouldMakeAnotherOneWhenAnythingDiffersOrTheAnswerWasHeard() throws Exception {
        String lost = lose("differs", "r8_bob");
        String first = post("differs");
        String second = post("differs");
        String later = post("differs", "x-stainless-retry-count", "2");
        lose("other", RunningGateway.TOKEN);
        String onOtherRoute = RunningGateway.json(gateway.post(
                "/v1/models/auspex/echo/predictions", "{\"input\":{\"prompt\":\"other\"}}")).get("id").asText();
        String withDeadline = post("other", "Cancel-After", "1h");

        assertThat(made("differs")).containsExactlyInAnyOrder(lost, first, second, later);
        assertThat(made("other")).hasSize(3).contains(onOtherRoute, withDeadline);
    }
}
