package dev.auspex.gateway.app;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.json.PredictionJson;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Another process that speaks the router's internal HTTP protocol (docs/architecture.md) about what a test tells it. */
final class RouterStandIn implements AutoCloseable {

    private record Known(byte[] body, PredictionStatus status) {}

    private final HttpServer server;
    private final String token;
    private final Vertx vertx;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, List<CompletableFuture<Void>>> changes = new ConcurrentHashMap<>();
    /** How many of the next requests are answered with 503. */
    final AtomicInteger unavailable = new AtomicInteger();
    /** Lists are cut after so many predictions as if these were large; 0 for never. */
    final AtomicInteger cutAfter = new AtomicInteger();
    /** The addresses that were asked for. */
    final List<String> asked = new CopyOnWriteArrayList<>();
    /** Waits that were given up by who asked. */
    final AtomicInteger abandoned = new AtomicInteger();

    RouterStandIn(Vertx vertx, String token) throws Exception {
        this.vertx = vertx;
        this.token = token;
        server = vertx.createHttpServer().requestHandler(this::handle);
        server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    void put(Prediction prediction) {
        put(prediction.job().account(), prediction.job().id(), prediction.status(), PredictionJson.render(prediction));
    }

    void put(AccountId account, PredictionId id, PredictionStatus status, byte[] body) {
        known.put(account + "/" + id, new Known(body, status));
        changes.getOrDefault(account + "/" + id, List.of()).forEach(change -> change.complete(null));
    }

    static Prediction succeeded(Job job) {
        return new Prediction(job, PredictionStatus.SUCCEEDED, job.input().get("prompt"), null, "done",
                job.createdAt(), job.createdAt(), null, List.of(), false);
    }

    private void handle(HttpServerRequest request) {
        if (request.path().equals("/internal/usage")) {
            request.response().end("[]"); // asked at the gateway's start, not by a client
            return;
        }
        if (request.path().equals("/internal/queued")) {
            request.response().end("{}"); // asked every half second where there are several accounts
            return;
        }
        asked.add(request.uri());
        if (!("Bearer " + token).equals(request.getHeader("authorization"))) {
            request.response().setStatusCode(401).end();
        } else if (unavailable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            request.response().setStatusCode(503).putHeader("retry-after", "1").end();
        } else {
            String path = request.path().substring("/internal/predictions/".length());
            if (path.contains("/")) {
                one(request, path);
            } else {
                list(request, path);
            }
        }
    }

    private void one(HttpServerRequest request, String key) {
        String wait = request.getParam("wait_ms");
        Known now = known.get(key);
        if (wait == null || (now != null && now.status().isTerminal())) {
            answer(request, now);
            return;
        }
        CompletableFuture<Void> change = new CompletableFuture<>();
        changes.computeIfAbsent(key, k -> new CopyOnWriteArrayList<>()).add(change);
        io.vertx.core.Context context = vertx.getOrCreateContext();
        change.thenRun(() -> context.runOnContext(done -> answer(request, known.get(key))));
        vertx.setTimer(Math.max(1, Long.parseLong(wait)), over -> change.complete(null));
        request.response().closeHandler(gone -> {
            if (!request.response().ended()) {
                abandoned.incrementAndGet();
            }
        });
    }

    private static void answer(HttpServerRequest request, Known now) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        if (now == null) {
            request.response().setStatusCode(404).end();
        } else {
            request.response()
                    .putHeader("auspex-status", now.status().wireName())
                    .putHeader("auspex-sequence", "0")
                    .end(Buffer.buffer(now.body()));
        }
    }

    private void list(HttpServerRequest request, String account) {
        NavigableMap<String, Known> mine = new TreeMap<>();
        known.forEach((key, value) -> {
            if (key.startsWith(account + "/")) {
                mine.put(key.substring(account.length() + 1), value);
            }
        });
        String from = request.getParam("from", "");
        String to = request.getParam("to", "~");
        String before = request.getParam("before", "~");
        long limit = Long.parseLong(request.getParam("limit"));
        if (cutAfter.get() > 0 && mine.size() > cutAfter.get()) {
            limit = Math.min(limit, cutAfter.get());
            request.response().putHeader("auspex-cut", "true");
        }
        StringBuilder array = new StringBuilder("[");
        String after = request.getParam("after");
        (after == null ? mine.descendingMap() : mine.tailMap(after, false)).entrySet().stream()
                .filter(entry -> entry.getKey().compareTo(from) >= 0)
                .filter(entry -> entry.getKey().compareTo(to) < 0 && entry.getKey().compareTo(before) < 0)
                .limit(limit)
                .forEach(entry -> array.append(array.length() > 1 ? "," : "")
                        .append(new String(entry.getValue().body(), java.nio.charset.StandardCharsets.UTF_8)));
        request.response().end(array.append(']').toString());
    }

    @Override
    public void close() {
        server.close().await();
    }
}
