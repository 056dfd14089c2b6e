package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks Cog's HTTP API. HTTP/1.1 only: Cog's servers answer an offer to upgrade with 400. Safe for any thread; every
 * method blocks, but not for longer than half a minute, and no longer than its checkpoint lets it.
 */
final class CogClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CogClient.class);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration QUICK = Duration.ofSeconds(5);
    private static final Duration SUBMIT = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(100);
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
    record Answer(int code, JsonNode body) {

        /** What is wrong with the input, from the forms that Cog's servers give it. */
        String refusal() {
            JsonNode detail = body.path("detail");
            if (detail.isArray() && !detail.isEmpty()) {
                return StreamSupport.stream(detail.spliterator(), false).map(Answer::problem).collect(Collectors.joining("\n"));
            }
            for (JsonNode text : List.of(detail, body.path("error"), body)) {
                if (text.isTextual() && !text.textValue().isBlank()) {
                    return "the model refused the input: " + text.textValue().strip();
                }
            }
            return "the model refused the input";
        }

        private static String problem(JsonNode one) {
            String where = StreamSupport.stream(one.path("loc").spliterator(), false)
                    .map(JsonNode::asText)
                    .filter(part -> !part.equals("body"))
                    .collect(Collectors.joining("."));
            return (where.isEmpty() ? "input" : where) + ": " + one.path("msg").asText("refused");
        }
    }

    /** @throws IOException if nobody answers, or not like a Cog server */
    CogHealth health(URI server, Checkpoint checkpoint) throws IOException, CanceledException, InterruptedException {
        Answer answer = answer(request(server, "health-check", QUICK).GET().build(), checkpoint);
        if (answer.code() != 200 || !answer.body().path("status").isTextual()) {
            throw new IOException("GET /health-check was answered with " + answer.code());
        }
        return CogHealth.of(answer.body());
    }

    /** The OpenAPI document; empty while the server does not know it. */
    ObjectNode schema(URI server, Checkpoint checkpoint) throws IOException, CanceledException, InterruptedException {
        Answer answer = answer(request(server, "openapi.json", QUICK).GET().build(), checkpoint);
        return answer.code() == 200 && answer.body() instanceof ObjectNode document ? document : Json.object();
    }

    /** Hands a prediction over, to be told of by webhooks. */
    Answer submit(URI server, String id, ObjectNode body, Checkpoint checkpoint)
            throws IOException, CanceledException, InterruptedException {
        return answer(put(server, id, body).header("Prefer", "respond-async").build(), checkpoint);
    }

    /** Hands a prediction over, or joins it while it runs, to be told of by the answer's events. The caller closes it. */
    HttpResponse<InputStream> stream(URI server, String id, ObjectNode body, Checkpoint checkpoint)
            throws IOException, CanceledException, InterruptedException {
        HttpRequest request = put(server, id, body).header("Accept", "text/event-stream").build();
        return send(request, BodyHandlers.ofInputStream(), checkpoint);
    }

    private static HttpRequest.Builder put(URI server, String id, ObjectNode body) {
        return request(server, "predictions/" + id, SUBMIT)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
    }

    /** Asks a prediction to stop. @return whether the server runs it */
    boolean cancel(URI server, String id, Checkpoint checkpoint)
            throws IOException, CanceledException, InterruptedException {
        int code = post(server, "predictions/" + id + "/cancel", checkpoint);
        if (code != 200 && code != 404) {
            throw new IOException("POST …/cancel was answered with " + code);
        }
        return code == 200;
    }

    /** Asks a server to end, and waits until nobody answers there. @return whether it is so */
    boolean end(URI server, Duration limit) throws InterruptedException {
        Checkpoint checkpoint = Waiting.until(System.nanoTime() + limit.toNanos());
        try {
            return isToldToEnd(server, checkpoint) && hasEnded(server, checkpoint);
        } catch (CanceledException late) {
            return false;
        }
    }

    private boolean isToldToEnd(URI server, Checkpoint checkpoint) throws CanceledException, InterruptedException {
        try {
            return post(server, "shutdown", checkpoint) == 200;
        } catch (IOException e) {
            LOG.atInfo().addKeyValue("server", server.getAuthority()).addKeyValue("cause", e.toString()).log("shutdown not answered");
            return true; // it may be on its way out
        }
    }

    private boolean hasEnded(URI server, Checkpoint checkpoint) throws CanceledException, InterruptedException {
        while (true) {
            try {
                CogHealth unused = health(server, checkpoint);
            } catch (HttpTimeoutException hangs) {
                LOG.atDebug().setCause(hangs).log("a Cog server that should end does not answer");
            } catch (IOException gone) {
                return true;
            }
            checkpoint.check();
            Thread.sleep(LOOK);
        }
    }

    private int post(URI server, String path, Checkpoint checkpoint)
            throws IOException, CanceledException, InterruptedException {
        return answer(request(server, path, QUICK).POST(HttpRequest.BodyPublishers.noBody()).build(), checkpoint).code();
    }

    private static HttpRequest.Builder request(URI server, String path, Duration limit) {
        String base = server.toString();
        return HttpRequest.newBuilder(URI.create(base + (base.endsWith("/") ? "" : "/") + path)).timeout(limit);
    }

    private Answer answer(HttpRequest request, Checkpoint checkpoint)
            throws IOException, CanceledException, InterruptedException {
        HttpResponse<byte[]> response =
                send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER), checkpoint);
        return new Answer(response.statusCode(), json(response.body()));
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler, Checkpoint checkpoint)
            throws IOException, CanceledException, InterruptedException {
        CompletableFuture<HttpResponse<T>> coming = http.sendAsync(request, handler);
        try {
            return Waiting.on(coming, checkpoint);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            boolean unused = coming.cancel(true);
        }
    }

    static JsonNode json(byte[] body) {
        try {
            return Json.parse(body);
        } catch (IOException noJson) {
            return TextNode.valueOf(new String(body, 0, Math.min(body.length, 500), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
