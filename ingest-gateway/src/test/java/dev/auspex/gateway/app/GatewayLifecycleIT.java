package dev.auspex.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.broker.EmbeddedBroker;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicInstaller;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
class GatewayLifecycleIT {

    private static final String HELLO = "{\"input\":{\"prompt\":\"hello\"}}";
    private static final String CREATE = "/v1/models/auspex/echo/predictions";

    @Test
    void shouldBeReadyWhenTheCatalogueIsRead(KafkaClients kafka, Topics topics) throws Exception {
        try (RunningGateway gateway = RunningGateway.start(kafka, topics, Map.of())) {
            assertThat(gateway.get("/readyz", "Authorization", "").body()).isEqualTo("ready\n");
            assertThat(gateway.get("/healthz", "Authorization", "").body()).isEqualTo("ok\n");
            assertThat(gateway.gateway.port()).isPositive();
        }
    }

    @Test
    void shouldRefuseQuicklyWhenKafkaHasNeverAnswered(Topics topics) throws Exception {
        try (RunningGateway gateway = RunningGateway.startUnready(new KafkaClients("127.0.0.1:1"), topics)) {
            HttpResponse<String> create = gateway.post(CREATE, HELLO);

            assertThat(create.statusCode()).isEqualTo(503);
            assertThat(create.headers().firstValue("retry-after")).hasValue("1");
            assertThat(RunningGateway.json(create).get("retry_after").asInt()).isEqualTo(1);
            assertThat(gateway.get("/readyz").statusCode()).isEqualTo(503);
            assertThat(gateway.get("/readyz").body()).contains("catalogue");
            gateway.stop(Duration.ofSeconds(3));
        }
    }

    @Test
    void shouldRefuseInBoundedTimeWhenKafkaGoesAway(Topics topics, @TempDir Path folder) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(folder);
        KafkaClients kafka = new KafkaClients(broker.bootstrapServers());
        new TopicInstaller(kafka, topics).start();
        RunningGateway.publish(kafka, topics, TestModels.ECHO);
        try (RunningGateway gateway = RunningGateway.start(kafka, topics, Map.of())) {
            assertThat(gateway.post(CREATE, HELLO).statusCode()).isEqualTo(201);
            broker.close();

            long begin = System.nanoTime();
            HttpResponse<String> refused = gateway.post(CREATE, HELLO);

            assertThat(refused.statusCode()).isEqualTo(503);
            JsonNode problem = RunningGateway.json(refused);
            assertThat(problem.get("type").asText()).isEqualTo("unavailable");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(14));
            gateway.stop(Duration.ofSeconds(3));
        }
    }

    @Test
    void shouldAnswerWaitingClientsWhenItStops(KafkaClients kafka, Topics topics) throws Exception {
        RunningGateway.publish(kafka, topics, TestModels.ECHO);
        try (RunningGateway gateway = RunningGateway.start(kafka, topics, Map.of())) {
            CompletableFuture<HttpResponse<String>> waiting = gateway.postAsync(CREATE, HELLO, "Prefer", "wait");
            Awaitility.await().untilAsserted(() -> assertThat(gateway.router.asked).isNotEmpty());

            gateway.stop(Duration.ofSeconds(20));

            HttpResponse<String> answer = waiting.get(5, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(RunningGateway.json(answer).get("status").asText()).isEqualTo("starting");
            assertThat(gateway.gateway.problems()).containsExactly("stopping");
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenThePortIsTaken(KafkaClients kafka, Topics topics) throws Exception {
        try (RunningGateway first = RunningGateway.start(kafka, topics, Map.of())) {
            String port = Integer.toString(first.gateway.port());

            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> RunningGateway.start(kafka, topics, Map.of("http.port", port)))
                    .withMessageContaining("http.port")
                    .withMessageContaining(port);
        }
    }
}
