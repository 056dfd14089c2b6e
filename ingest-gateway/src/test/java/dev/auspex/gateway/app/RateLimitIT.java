package dev.auspex.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class RateLimitIT {

    @Test
    void shouldRefuseBeforeAnyWorkWhenATokenAsksTooOften(KafkaClients kafka, Topics topics) throws Exception {
        RunningGateway.publish(kafka, topics, TestModels.ECHO);
        try (RunningGateway gateway = RunningGateway.start(
                kafka, topics, Map.of("limits.creates", "3", "limits.reads", "2", "limits.others", "1"))) {
            String body = "{\"input\":{\"prompt\":\"x\"}}";
            String path = "/v1/models/auspex/echo/predictions";
            String unknown = "/v1/predictions/" + "0".repeat(26);
            for (int left = 2; left >= 0; left--) {
                HttpResponse<String> made = gateway.post(path, body);
                assertThat(made.statusCode()).isEqualTo(201);
                assertThat(made.headers().firstValue("ratelimit-limit")).hasValue("3");
                assertThat(made.headers().firstValue("ratelimit-remaining")).hasValue(Integer.toString(left));
                assertThat(made.headers().firstValue("ratelimit-reset").map(Integer::parseInt).orElse(0))
                        .isBetween(1, 60);
            }
            HttpResponse<String> refused = gateway.post("/predictions", "not even JSON");
            JsonNode problem = RunningGateway.json(refused);
            String wait = problem.get("retry_after").asText();

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(wait)).isBetween(1, 20);
            assertThat(refused.headers().firstValue("retry-after")).hasValue(wait);
            assertThat(refused.headers().firstValue("ratelimit-remaining")).hasValue("0");
            assertThat(problem.get("detail").asText()).contains("resets in ~" + wait + "s");
            assertThat(problem.get("status").asInt()).isEqualTo(429);
            assertThat(gateway.jobs()).hasSize(3);

            assertThat(gateway.get(unknown).statusCode()).as("reads have their own limit").isEqualTo(404);
            assertThat(gateway.get(unknown).statusCode()).isEqualTo(404);
            assertThat(gateway.get(unknown).statusCode()).isEqualTo(429);
            assertThat(gateway.get("/v1/account").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/v1/predictions").statusCode()).isEqualTo(429);
            assertThat(gateway.post(path, body, "Authorization", "Bearer r8_bob").statusCode())
                    .as("every token has its own").isEqualTo(201);
            assertThat(gateway.get("/readyz", "Authorization", "").statusCode()).isEqualTo(200);
        }
    }
}
