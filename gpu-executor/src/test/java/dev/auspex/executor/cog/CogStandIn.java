package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A test double of Cog's servers: answers as the three families do (FastAPI up to 0.16, coglet, the Go runtime), with a
 * model that does what the input's {@code do} asks for. Runs in a test's JVM or, through {@link #main}, in a process of its
 * own that can be killed.
 */
final class CogStandIn implements AutoCloseable {

    enum Family {
        FASTAPI,
        COGLET,
        GO
    }

    /**
     * What it is.
     *
     * @param output the form of its output: text, iterator or file
     * @param slots how many predictions at once
     * @param uploadUrl where files go; empty for data URLs
     */
    record Options(Family family, String output, int slots, String uploadUrl) {
        static Options of(Family family, String output) {
            return new Options(family, output, 1, "");
        }
    }

    final Map<String, StandInRun> running = new ConcurrentHashMap<>();
    final AtomicInteger begun = new AtomicInteger();
    /** Whether it has broken a stream off already. */
    final AtomicBoolean broke = new AtomicBoolean();
    final Options options;
    /** What {@code /health-check} says when nothing runs. */
    volatile String state = "READY";
    volatile String setupLogs = "loading weights\n";
    /** Another one means another life. */
    volatile String setupEnd = "2026-01-01T00:00:00Z";
    /** Requests whose path contains it are not answered while it stands. */
    volatile @Nullable String hangs;
    /** Whether it was asked to end. */
    final AtomicBoolean toldToEnd = new AtomicBoolean();
    /** How many requests it has left hanging. */
    final AtomicInteger hung = new AtomicInteger();
    /** How often it said that it was busy. */
    final AtomicInteger refused = new AtomicInteger();
    /** How often it was asked for its health. */
    final AtomicInteger looks = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;

    CogStandIn(Options options, int port) throws IOException {
        this.options = options;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    CogStandIn(Options options) throws IOException {
        this(options, 0);
    }

    /** @param args family, output, port */
    public static void main(String[] args) throws IOException {
        CogStandIn standIn =
                new CogStandIn(Options.of(Family.valueOf(args[0]), args[1]), Integer.parseInt(args[2]));
        System.out.println("port " + standIn.port());
        System.out.flush();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String id = path.replaceFirst("^/predictions/", "").replaceFirst("/cancel$", "");
        String route = exchange.getRequestMethod() + " " + path.replace(id, "*");
        if (exchange.getRequestHeaders().containsKey("Upgrade")) {
            reply(exchange, 400, Json.object().put("detail", "no h2c here"));
            return;
        }
        String hanging = hangs;
        if (hanging != null && path.contains(hanging)) {
            hang();
            return;
        }
        switch (path.equals("/health-check") || path.equals("/openapi.json") || path.equals("/shutdown") ? path : route) {
            case "/health-check" -> reply(exchange, 200, health());
            case "/openapi.json" -> reply(exchange, 200, schema());
            case "/shutdown" -> shutdown(exchange);
            case "PUT /predictions/*" -> put(exchange, id);
            case "POST /predictions/*/cancel" -> {
                StandInRun run = running.get(id);
                if (run != null) {
                    run.cancel();
                }
                reply(exchange, run == null ? 404 : 200, Json.object());
            }
            default -> reply(exchange, 404, Json.object().put("detail", "no " + route));
        }
    }

    private void hang() {
        hung.incrementAndGet();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void shutdown(HttpExchange exchange) throws IOException {
        toldToEnd.set(true);
        if (options.family() == Family.GO) {
            reply(exchange, 404, Json.object());
            return;
        }
        reply(exchange, 200, Json.object());
        exchange.close();
        close();
    }

    private ObjectNode health() {
        looks.incrementAndGet();
        ObjectNode health = Json.object();
        boolean busy = state.equals("READY") && running.size() >= options.slots();
        health.put("status", busy ? "BUSY" : state);
        ObjectNode setup = health.putObject("setup");
        if (!state.equals("STARTING")) {
            setup.put("logs", setupLogs).put("completed_at", setupEnd);
        }
        if (options.family() == Family.COGLET) {
            health.putObject("version").put("coglet", "0.22.0");
        }
        return health;
    }

    private ObjectNode schema() {
        ObjectNode document = Json.object().put("openapi", "3.0.2");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        ObjectNode input = schemas.putObject("Input").put("type", "object");
        input.putArray("required").add("prompt");
        ObjectNode properties = input.putObject("properties");
        properties.putObject("prompt").put("type", "string");
        properties.putObject("image").put("type", "string").put("format", "uri");
        ObjectNode output = schemas.putObject("Output").put("title", "Output");
        switch (options.output()) {
            case "iterator" -> output.put("type", "array").put("x-cog-array-type", "iterator");
            case "file" -> output.put("type", "string").put("format", "uri");
            default -> output.put("type", "string");
        }
        return document;
    }

    private void put(HttpExchange exchange, String id) throws IOException {
        JsonNode body = Json.parse(exchange.getRequestBody().readAllBytes());
        boolean async = "respond-async".equals(exchange.getRequestHeaders().getFirst("Prefer"));
        boolean sse = "text/event-stream".equals(exchange.getRequestHeaders().getFirst("Accept"));
        StandInRun known = running.get(id);
        if (!state.equals("READY") && !state.equals("UNHEALTHY")) {
            boolean python = options.family() == Family.FASTAPI;
            reply(exchange, python ? 409 : 503, Json.object().put(python ? "detail" : "error", "not ready"));
        } else if (options.family() == Family.GO && async != body.hasNonNull("webhook")) {
            text(exchange, 400, "Prefer: respond-async and webhook come together");
        } else if (!body.path("input").path("prompt").isTextual()) {
            refuse(exchange);
        } else if (known == null && running.size() >= options.slots() || known != null && options.family() == Family.GO) {
            refused.incrementAndGet();
            boolean coglet = options.family() == Family.COGLET;
            reply(exchange, 409, Json.object().put(coglet ? "error" : "detail", "Already running a prediction"));
        } else if (sse && (options.family() != Family.COGLET || !options.output().equals("iterator"))) {
            reply(exchange, 406, Json.object().put("error", "does not stream"));
        } else {
            StandInRun run = known == null ? begin(id, body) : known;
            if (body.path("input").path("do").asText().equals("mute")) {
                hang(); // it runs, but nobody is told that it was taken
            } else if (sse) {
                stream(exchange, run);
            } else {
                reply(exchange, 202, accepted(run));
            }
        }
    }

    private StandInRun begin(String id, JsonNode body) {
        StandInRun run = new StandInRun(this, id, body);
        running.put(id, run);
        begun.incrementAndGet();
        run.start();
        return run;
    }

    private ObjectNode accepted(StandInRun run) {
        return options.family() == Family.FASTAPI
                ? run.snapshot("processing").put("started_at", "2026-01-01T00:00:00Z")
                : Json.object().put("id", run.id).put("status", "starting");
    }

    private void refuse(HttpExchange exchange) throws IOException {
        if (options.family() == Family.GO) {
            text(exchange, 400, "prompt: missing");
            return;
        }
        ObjectNode body = Json.object();
        ObjectNode problem = body.putArray("detail").addObject();
        ArrayNode where = problem.putArray("loc");
        where.add("body").add("input").add("prompt");
        problem.put("msg", "field required").put("type", "value_error.missing");
        reply(exchange, 422, body);
    }

    private static void stream(HttpExchange exchange, StandInRun run) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        run.replay(event -> {
            out.write(event.getBytes(StandardCharsets.UTF_8));
            out.flush();
        });
    }

    private static void reply(HttpExchange exchange, int code, JsonNode body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        byte[] bytes = Json.bytes(body);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void text(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closed.countDown();
        running.values().forEach(StandInRun::kill);
        server.stop(0);
    }
}
