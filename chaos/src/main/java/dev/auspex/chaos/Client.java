package dev.auspex.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A careful user of the API: asks another gateway when one is gone, comes back when told to, and repeats a create only under
 * the same idempotency key. Counts every answer. Safe for any thread.
 */
final class Client {

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final List<String> gateways;
    private final Ledger ledger;

    /** @param gateways their addresses; a call begins with one of them and goes on to the next */
    Client(List<String> gateways, Ledger ledger) {
        this.gateways = List.copyOf(gateways);
        this.ledger = ledger;
    }

    /** An answer that can be worked with. */
    record Reply(int status, JsonNode body) {}

    /**
     * Creates a prediction, again and again until it is accepted.
     *
     * @param first the gateway to begin with
     * @param deadline in {@link System#nanoTime}; nothing is begun after it
     * @return nothing if the time was over
     */
    Optional<JsonNode> create(Submission submission, String body, int first, long deadline) throws InterruptedException {
        for (int attempt = first; System.nanoTime() < deadline; attempt++) {
            HttpRequest.Builder request = request(attempt, "/v1/models/auspex/echo/predictions")
                    .header("content-type", "application/json")
                    .header("idempotency-key", submission.key())
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            Optional<Reply> reply = send("POST", request);
            if (reply.isPresent() && reply.get().status() / 100 == 2) {
                submission.accepted(reply.get().body().path("id").asText());
                return Optional.of(reply.get().body());
            }
            if (reply.isPresent() && reply.get().status() != 429 && reply.get().status() != 503) {
                return Optional.empty();
            }
            Thread.sleep(PAUSE);
        }
        return Optional.empty();
    }

    /** Reads a prediction until some gateway answers. */
    Optional<Reply> read(String id, int first, long deadline) throws InterruptedException {
        return insist("GET", "/v1/predictions/" + id, first, deadline);
    }

    /** Cancels a prediction until some gateway answers. */
    Optional<Reply> cancel(String id, int first, long deadline) throws InterruptedException {
        return insist("CANCEL", "/v1/predictions/" + id + "/cancel", first, deadline);
    }

    /**
     * Waits until every gateway knows the model: in a new installation it is registered by the first executor, and until
     * then a create is rightly answered with 404.
     */
    void awaitModel(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (int gateway = 0; gateway < gateways.size(); gateway++) {
            HttpRequest request = request(gateway, "/v1/models/auspex/echo").build();
            while (status(request) != 200) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("no model after " + limit + " at " + gateways.get(gateway));
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private int status(HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The account's webhook secret. */
    String secret() throws InterruptedException {
        return insist("GET", "/v1/webhooks/default/secret", 0, Long.MAX_VALUE)
                .map(reply -> reply.body().path("key").asText())
                .orElseThrow();
    }

    private Optional<Reply> insist(String method, String path, int first, long deadline) throws InterruptedException {
        for (int attempt = first; System.nanoTime() < deadline; attempt++) {
            HttpRequest.Builder request = request(attempt, path);
            if (method.equals("CANCEL")) {
                request.POST(HttpRequest.BodyPublishers.noBody());
            }
            Optional<Reply> reply = send(method, request);
            if (reply.isPresent() && reply.get().status() != 429 && reply.get().status() != 503) {
                return reply;
            }
            Thread.sleep(PAUSE);
        }
        return Optional.empty();
    }

    /** The text of all {@code output} events if the stream came to its end. @param url as the prediction names it */
    Optional<String> stream(String url) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(10))
                .header("accept", "text/event-stream")
                .build();
        StringBuilder text = new StringBuilder();
        String event = "";
        try (Stream<String> lines = http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.startsWith("event:")) {
                    event = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:") && event.equals("output")) {
                    text.append(line.startsWith("data: ") ? line.substring("data: ".length()) : line.substring("data:".length()));
                } else if (line.startsWith("data:") && event.equals("done")) {
                    return Optional.of(text.toString());
                }
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            ledger.answer("STREAM", "broken");
        }
        return Optional.empty();
    }

    private HttpRequest.Builder request(int attempt, String path) {
        String gateway = gateways.get(Math.floorMod(attempt, gateways.size()));
        return HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + Installation.TOKEN);
    }

    private Optional<Reply> send(String method, HttpRequest.Builder builder) throws InterruptedException {
        HttpRequest request = builder.build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return Optional.of(judge(method, request, response));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            ledger.answer(method, "refused");
        } catch (IOException e) {
            ledger.answer(method, "no answer");
            if (method.equals("POST")) {
                ledger.count(Ledger.Count.UNANSWERED_CREATES);
            }
        }
        return Optional.empty();
    }

    private Reply judge(String method, HttpRequest request, HttpResponse<byte[]> response) throws IOException {
        int status = response.statusCode();
        ledger.answer(method, Integer.toString(status));
        String what = method + " " + request.uri().getPath() + " " + status + " "
                + new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
        if (status == 404) {
            ledger.count(Ledger.Count.NOT_FOUND, what);
        } else if (status == 429 || status == 503) {
            if (response.headers().firstValue("retry-after").isEmpty()) {
                ledger.count(Ledger.Count.WITHOUT_RETRY_AFTER, what);
            }
        } else if (status / 100 != 2) {
            ledger.count(Ledger.Count.UNEXPECTED_ANSWERS, what);
        }
        return new Reply(status, status / 100 == 2 ? Json.mapper().readTree(response.body()) : Json.object());
    }
}
