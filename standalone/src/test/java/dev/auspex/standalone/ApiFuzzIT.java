package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.gateway.openapi.ApiDocument;
import dev.auspex.gateway.openapi.Operation;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests made out of the document, against real gateways and a router: whatever is sent, the answer is one that the
 * document describes, and never a fault. {@code -Dauspex.fuzz.seed} repeats a run, {@code -Dauspex.fuzz.seconds} makes it
 * longer.
 */
@ExtendWith(KafkaExtension.class)
class ApiFuzzIT {

    private static final int THREADS = 4;
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("auspex.fuzz.seconds", 5));
    private static final ApiDocument DOCUMENT = ApiDocument.load();

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();

    @Test
    void shouldAnswerAsDocumentedWhateverIsSent(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        long seed = Long.getLong("auspex.fuzz.seed", System.nanoTime());
        System.out.println("fuzz seed " + seed);
        try (Edge edge = Edge.start(kafka, topics, data); ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            String version = Edge.json(edge.get(0, "/v1/models/" + Edge.MODEL)).at("/latest_version/id").asText();
            String id = Edge.json(edge.post(0, "/v1/predictions", "{\"version\":\"" + version + "\",\"input\":{}}").get())
                    .path("id").asText();
            List<String> known = List.of(
                    "alice", "bob", "acme", "painter", Edge.MODEL.toString(), version, Edge.MODEL + ":" + version, id, "cpu",
                    "gpu-h100", "fuzz", "builtin");
            List<Operation> operations = operations();
            long end = System.nanoTime() + TIME.toNanos();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed + i);
                RandomRequests requests = new RandomRequests(DOCUMENT, random, edge.base(i % 2), known);
                int first = i * operations.size() / THREADS;
                running.add(threads.submit(() -> {
                    // Every operation at least twice, however slow the machine.
                    for (int n = 0; n < 2 * operations.size() / THREADS + 1 || System.nanoTime() < end; n++) {
                        check(operations.get((first + n) % operations.size()), requests, seed);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
            System.out.println("fuzz requests " + sent + ", accepted " + accepted);
            assertThat(accepted.get()).as("some of it makes sense").isGreaterThan(20);
        }
    }

    // Without a dispatcher what is passed on to it is answered with 503, as it should be.
    private static List<Operation> operations() {
        return DOCUMENT.operations().stream()
                .filter(operation -> !operation.path().matches(".*/(webhooks/deliveries|webhooks/endpoints|deliveries).*"))
                .toList();
    }

    private void check(Operation operation, RandomRequests requests, long seed) throws Exception {
        HttpRequest request = requests.next(operation);
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        sent.incrementAndGet();
        String what = "seed " + seed + ": " + request.method() + " " + shortened(request.uri().toString()) + " answered "
                + response.statusCode() + ": " + shortened(new String(response.body(), StandardCharsets.UTF_8));
        assertThat(response.statusCode()).as(what).isLessThan(500);
        String type = response.headers().firstValue("content-type").orElse("");
        if (response.statusCode() >= 400) {
            if (!request.method().equals("HEAD")) {
                assertThat(type).as(what).isEqualTo("application/problem+json");
                assertMatches("/components/schemas/Problem", response.body(), what);
                assertThat(Json.parse(response.body()).path("status").asInt()).as(what).isEqualTo(response.statusCode());
            }
            return;
        }
        accepted.incrementAndGet();
        Operation answered = DOCUMENT.find(request.method(), request.uri().normalize().getPath()).orElse(operation);
        String answer = DOCUMENT.place(answered.pointer() + "/responses/" + response.statusCode());
        assertThat(DOCUMENT.at(answer).isMissingNode()).as(what).isFalse();
        JsonNode content = DOCUMENT.at(answer + "/content");
        if (!content.isMissingNode()) {
            String mediaType = type.replaceFirst(";.*", "");
            assertThat(content.has(mediaType)).as(what).isTrue();
            if (mediaType.equals("application/json")) {
                assertMatches(answer + "/content/application~1json/schema", response.body(), what);
            }
        }
    }

    private static void assertMatches(String schema, byte[] body, String what) throws Exception {
        assertThat(DOCUMENT.schema(DOCUMENT.place(schema)).validate(Json.parse(body))).as(what).isEmpty();
    }

    private static String shortened(String text) {
        return text.length() > 600 ? text.substring(0, 600) + "…" : text;
    }
}
