package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;

/**
 * Speaks Cog's HTTP API. HTTP/1.1 only: Cog's servers answer an offer to upgrade with 400. Safe for any thread; every
 * method blocks, but not for longer than half a minute.
 */
final class CogClient implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration QUICK = Duration.ofSeconds(5);
    private static final Duration SUBMIT = Duration.ofSeconds(30);
    private static final long LARGEST_ANSWER = 128L << 20;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /**
     * An answer.
     *
     * @param code the status code
     * @param body as JSON; missing if it is none
     */
    record Answer(int code, JsonNode body) {}

    /** @throws IOException if nobody answers, or not like a Cog server */
    CogHealth health(URI server) throws IOException, InterruptedException {
        Answer answer = answer(request(server, "health-check", QUICK).GET().build());
        if (answer.code() != 200 || !answer.body().path("status").isTextual()) {
            throw new IOException("GET /health-check was answered with " + answer.code());
        }
        return CogHealth.of(answer.body());
    }

    /** The OpenAPI document; empty while the server does not know it. */
    ObjectNode schema(URI server) throws IOException, InterruptedException {
        Answer answer = answer(request(server, "openapi.json", QUICK).GET().build());
        return answer.code() == 200 && answer.body() instanceof ObjectNode document ? document : Json.object();
    }

    /** Hands a prediction over, to be told of by webhooks. */
    Answer submit(URI server, String id, ObjectNode body) throws IOException, InterruptedException {
        return answer(put(server, id, body).header("Prefer", "respond-async").timeout(SUBMIT).build());
    }

    /** Hands a prediction over, or joins it while it runs, to be told of by the answer's events. The caller closes it. */
    HttpResponse<InputStream> stream(URI server, String id, ObjectNode body) throws IOException, InterruptedException {
        return http.send(
                put(server, id, body).header("Accept", "text/event-stream").timeout(SUBMIT).build(),
                BodyHandlers.ofInputStream());
    }

    private static HttpRequest.Builder put(URI server, String id, ObjectNode body) {
        return request(server, "predictions/" + id, SUBMIT)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
    }

    /** Asks a prediction to stop. @return whether the server knew it */
    boolean cancel(URI server, String id) throws IOException, InterruptedException {
        return post(server, "predictions/" + id + "/cancel").code() == 200;
    }

    /** Asks the server to end. */
    void shutdown(URI server) throws IOException, InterruptedException {
        Answer unused = post(server, "shutdown");
    }

    private Answer post(URI server, String path) throws IOException, InterruptedException {
        return answer(request(server, path, QUICK).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    private static HttpRequest.Builder request(URI server, String path, Duration limit) {
        String base = server.toString();
        return HttpRequest.newBuilder(URI.create(base + (base.endsWith("/") ? "" : "/") + path)).timeout(limit);
    }

    private Answer answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        return new Answer(response.statusCode(), json(response.body()));
    }

    static JsonNode json(byte[] body) {
        try {
            return Json.parse(body);
        } catch (IOException noJson) {
            return com.fasterxml.jackson.databind.node.TextNode.valueOf(
                    new String(body, 0, Math.min(body.length, 500), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
