package dev.auspex.router.app;

import static dev.auspex.router.Samples.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.RouterHarness;
import dev.auspex.router.Samples;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two routers share two partitions: each answers for both. */
@ExtendWith(KafkaExtension.class)
class RouterClusterIT {

    private final Random random = new Random(13);

    @Test
    void shouldAnswerForEachOtherWhenTwoRoutersShareThePartitions(
            KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        try (RouterHarness first = RouterHarness.ready(kafka, topics, data.resolve("1"));
                RouterHarness second = RouterHarness.ready(kafka, topics, data.resolve("2"))) {
            await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
                assertThat(first.get("/internal/predictions/acme?scope=local").headers().firstValue("auspex-partitions"))
                        .get().asString().hasSize(1);
                assertThat(second.get("/internal/predictions/acme?scope=local").headers().firstValue("auspex-partitions"))
                        .get().asString().hasSize(1);
            });
            List<String> newestFirst = new ArrayList<>();
            Instant base = Instant.now();
            for (int i = 0; i < 20; i++) {
                PredictionId id = PredictionId.create(base.plusMillis(i), random);
                newestFirst.addFirst(id.value());
                first.submit(Samples.job(ACCOUNT, id, id.createdAt(), null));
                assertThat(first.get(ACCOUNT, id, "").statusCode()).isEqualTo(200);
                HttpResponse<String> other = second.get(ACCOUNT, id, "");
                assertThat(other.statusCode()).isEqualTo(200);
                assertThat(other.headers().firstValue("auspex-sequence")).hasValue("0");
            }
            assertThat(first.get(ACCOUNT, PredictionId.create(base, random), "").statusCode()).isEqualTo(404);
            assertThat(second.get(ACCOUNT, PredictionId.create(base, random), "").statusCode()).isEqualTo(404);
            assertThat(list(first, "?limit=12")).isEqualTo(newestFirst.subList(0, 12));
            assertThat(list(second, "?limit=12&before=" + newestFirst.get(11))).isEqualTo(newestFirst.subList(12, 20));

            PredictionId waited = new PredictionId(newestFirst.getFirst());
            List<CompletableFuture<HttpResponse<String>>> waiting = List.of(wait(first, waited), wait(second, waited));
            first.report(new AttemptEvent(
                    waited, ACCOUNT, Samples.attempt(1), Samples.EXECUTOR, waited.createdAt(),
                    Samples.succeeded(waited.createdAt(), "done")));
            for (CompletableFuture<HttpResponse<String>> answer : waiting) {
                assertThat(answer.get(10, TimeUnit.SECONDS).headers().firstValue("auspex-status"))
                        .hasValue("succeeded");
            }
        }
    }

    private static CompletableFuture<HttpResponse<String>> wait(RouterHarness router, PredictionId id) {
        return router.http().sendAsync(
                router.request("/internal/predictions/" + ACCOUNT + "/" + id + "?wait_ms=20000"),
                HttpResponse.BodyHandlers.ofString());
    }

    private static List<String> list(RouterHarness router, String query) throws Exception {
        HttpResponse<String> answer = router.get("/internal/predictions/" + ACCOUNT + query);
        assertThat(answer.statusCode()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        Json.mapper().readTree(answer.body()).forEach(prediction -> ids.add(prediction.path("id").asText()));
        return ids;
    }
}
