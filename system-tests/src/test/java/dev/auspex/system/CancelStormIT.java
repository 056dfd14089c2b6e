package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.system.Api.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedAuspex.class)
class CancelStormIT {

    private static final int JOBS = 150;
    /** The shortest that may be asked for. */
    private static final Duration LIFE = Duration.ofSeconds(5);

    @Test
    void shouldFreeTheSlotsWhenEverythingQueuedAndRunningIsCanceledAtOnce(RunningAuspex auspex) throws Exception {
        Api api = auspex.api("acme");
        List<String> ids = inParallel(JOBS, n -> {
            Reply created = api.post("/v1/models/auspex/echo/predictions", "{\"input\":{\"text\":\"storm\",\"seconds\":600}}");
            assertThat(created.status()).as(created.text()).isEqualTo(201);
            return created.json().path("id").asText();
        });
        await().untilAsserted(() -> assertThat(statuses(api, ids)).contains("processing"));

        long begin = System.nanoTime();
        inParallel(JOBS, n -> {
            Reply canceled = api.post("/v1/predictions/" + ids.get(n) + "/cancel", "");
            assertThat(canceled.status()).as(canceled.text()).isEqualTo(200);
            return ids.get(n);
        });
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(statuses(api, ids)).containsOnly("canceled"));
        System.out.printf("cancel storm: %d canceled after %d ms%n", JOBS, (System.nanoTime() - begin) / 1_000_000);

        Reply next = api.send("POST", "/v1/models/auspex/echo/predictions",
                Map.of("content-type", "application/json", "prefer", "wait=30"),
                BodyPublishers.ofString("{\"input\":{\"text\":\"next\"}}"));
        assertThat(next.json().path("status").asText()).as("the slots are free: %s", next.text()).isEqualTo("succeeded");
    }

    @Test
    void shouldStartNothingLateWhenEverythingQueuedAndRunningExpiresAtOnce(RunningAuspex auspex) throws Exception {
        Api api = auspex.api("acme");

        long begin = System.nanoTime();
        List<String> ids = inParallel(JOBS, n -> {
            Reply created = api.send("POST", "/v1/models/auspex/echo/predictions",
                    Map.of("content-type", "application/json", "cancel-after", LIFE.toSeconds() + "s"),
                    BodyPublishers.ofString("{\"input\":{\"text\":\"storm\",\"seconds\":600}}"));
            assertThat(created.status()).as(created.text()).isEqualTo(201);
            return created.json().path("id").asText();
        });
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(statuses(api, ids)).containsOnly("canceled"));
        System.out.printf("deadline storm: %d expired, all over %d ms after the first submission%n",
                JOBS, (System.nanoTime() - begin) / 1_000_000);

        for (String id : ids) {
            JsonNode prediction = api.get("/v1/predictions/" + id).json();
            Instant deadline = Instant.parse(prediction.path("created_at").asText()).plus(LIFE);
            if (prediction.has("started_at")) {
                assertThat(Instant.parse(prediction.path("started_at").asText())).as(id).isBefore(deadline);
            }
        }
    }

    private static List<String> statuses(Api api, List<String> ids) throws Exception {
        return inParallel(ids.size(), n -> api.get("/v1/predictions/" + ids.get(n)).json().path("status").asText());
    }

    private interface Call {
        String of(int number) throws Exception;
    }

    private static List<String> inParallel(int count, Call call) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(16, Thread.ofVirtual().factory())) {
            List<Future<String>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                futures.add(threads.submit(() -> call.of(number)));
            }
            List<String> results = new ArrayList<>();
            for (Future<String> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
