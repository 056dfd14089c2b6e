package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A prediction in a {@link CogStandIn}. */
final class StandInRun {

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int STEP_MILLIS = 10;
    private static final int MOST_FLOODED = 500_000;

    final String id;
    private final CogStandIn server;
    private final JsonNode input;
    private final String webhook;
    private final ArrayNode chunks = Json.mapper().createArrayNode();
    private final StringBuilder logs = new StringBuilder();
    private final List<String> events = new ArrayList<>();
    private final CountDownLatch canceled = new CountDownLatch(1);
    private final Thread thread;
    private boolean ended;

    StandInRun(CogStandIn server, String id, JsonNode body) {
        this.server = server;
        this.id = id;
        this.input = body.path("input");
        this.webhook = body.path("webhook").asText();
        this.thread = Thread.ofVirtual().unstarted(this::run);
    }

    /** Takes an event's text. */
    interface Sink {
        void write(String event) throws IOException;
    }

    void start() {
        thread.start();
    }

    void cancel() {
        canceled.countDown();
    }

    void kill() {
        thread.interrupt();
    }

    /** Writes every event so far and to come, and returns after the last; breaks off in the middle when asked to. */
    void replay(Sink sink) throws IOException {
        boolean breaks = input.path("do").asText().equals("break") && !server.broke.getAndSet(true);
        boolean floods = input.path("do").asText().equals("flood");
        for (int i = 0; floods && canceled.getCount() > 0 && i < MOST_FLOODED; i++) {
            sink.write("event: log\ndata: {\"source\":\"stdout\",\"data\":\"x\\n\"}\n\n");
        }
        for (int i = 0; ; i++) {
            String event;
            synchronized (this) {
                while (events.size() <= i && !ended) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                if (events.size() <= i) {
                    return;
                }
                event = events.get(i);
            }
            if (breaks && i == 5) {
                return;
            }
            sink.write(event);
        }
    }

    synchronized ObjectNode snapshot(String status) {
        ObjectNode snapshot = Json.object().put("id", id).put("status", status).put("logs", logs.toString());
        if (!chunks.isEmpty()) {
            snapshot.set("output", chunks.deepCopy());
        }
        return snapshot;
    }

    private void run() {
        try {
            event("start", Json.object().put("id", id).put("status", "processing"));
            post(snapshot("processing"));
            work();
        } catch (InterruptedException | IOException e) {
            // the server is gone
        } finally {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
            server.running.remove(id);
        }
    }

    private void work() throws IOException, InterruptedException {
        String prompt = input.path("prompt").asText();
        switch (input.path("do").asText()) {
            case "chunks", "break" -> {
                for (int i = 0; i < input.path("n").asInt(); i++) {
                    if (canceled.await(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
                        end("canceled", null, null);
                        return;
                    }
                    chunk(prompt + i);
                }
                end("succeeded", chunks, null);
            }
            case "slow", "mute" -> {
                log("waiting");
                post(snapshot("processing"));
                canceled.await();
                end("canceled", null, null);
            }
            case "flood" -> {
                canceled.await();
                end("canceled", null, null);
            }
            case "hang" -> new CountDownLatch(1).await();
            case "fail" -> end("failed", null, "ValueError: " + prompt);
            case "crash" -> Runtime.getRuntime().halt(137);
            case "forget" -> {
                // Not before it has been seen at work.
                for (int looks = server.looks.get(); server.looks.get() < looks + 3; ) {
                    boolean unused = canceled.await(STEP_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
            case "file" -> end("succeeded", file("out.png", prompt), null);
            case "files" -> {
                ArrayNode files = Json.mapper().createArrayNode();
                files.add(file("out.png", prompt)).add(file("out.png", prompt + "!"));
                end("succeeded", files, null);
            }
            case "path" -> end("succeeded", TextNode.valueOf("/tmp/tmp1/out.png"), null);
            case "read" -> end("succeeded", TextNode.valueOf(get(input.path("image").asText())), null);
            case "disorder" -> disorder(prompt);
            default -> {
                log("thinking about it");
                end("succeeded", TextNode.valueOf("hello " + prompt), null);
            }
        }
    }

    // The last webhook first, then the others from new to old, as tasks that overtake each other do.
    private void disorder(String prompt) throws IOException, InterruptedException {
        List<ObjectNode> snapshots = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            chunks.add(prompt + i);
            logs.append("line ").append(i).append('\n');
            snapshots.add(snapshot("processing"));
        }
        post(snapshots.get(1));
        post(snapshots.get(0));
        post(snapshot("succeeded"));
        post(snapshots.get(2));
        post(snapshots.get(0));
    }

    private void chunk(String text) throws IOException, InterruptedException {
        ObjectNode data = Json.object().put("chunk", text).put("index", chunks.size());
        synchronized (this) {
            chunks.add(text);
        }
        event("output", data);
        log("chunk " + chunks.size());
        post(snapshot("processing"));
    }

    private void log(String line) {
        synchronized (this) {
            logs.append(line).append('\n');
        }
        event("log", Json.object().put("source", "stdout").put("data", line + "\n"));
    }

    private void end(String status, @Nullable JsonNode output, @Nullable String error)
            throws IOException, InterruptedException {
        ObjectNode end = snapshot(status);
        if (output != null) {
            end.set("output", output);
        }
        if (error != null) {
            end.put("error", error);
        }
        end.putObject("metrics").put("predict_time", 0.25).put("tokens", 7);
        event("completed", end);
        // A slot is free before the last webhook has been answered.
        server.running.remove(id);
        post(end);
    }

    private synchronized void event(String name, JsonNode data) {
        events.add("event: " + name + "\ndata: " + data + "\n\n");
        notifyAll();
    }

    private JsonNode file(String name, String content) throws IOException, InterruptedException {
        if (server.options.uploadUrl().isEmpty()) {
            String base64 = Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
            return TextNode.valueOf("data:image/png;base64," + base64);
        }
        HttpResponse<Void> response = HTTP.send(
                HttpRequest.newBuilder(URI.create(server.options.uploadUrl() + name))
                        .header("Content-Type", "image/png")
                        .PUT(HttpRequest.BodyPublishers.ofString(content))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        return TextNode.valueOf(response.headers().firstValue("Location").orElse("no location: " + response.statusCode()));
    }

    private static String get(String url) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    private void post(JsonNode snapshot) throws IOException, InterruptedException {
        HTTP.send(
                HttpRequest.newBuilder(URI.create(webhook))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(snapshot)))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }
}
