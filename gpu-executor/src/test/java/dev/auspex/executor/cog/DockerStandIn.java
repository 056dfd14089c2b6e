package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A test double of Docker's engine: speaks as much of its API as this executor uses, and "runs" a container by starting a
 * {@link CogStandIn}. Remembers what it was asked for.
 */
final class DockerStandIn implements AutoCloseable {

    /** What can be started. */
    final Set<String> images = ConcurrentHashMap.newKeySet();
    /** What can be fetched. */
    final Set<String> registry = ConcurrentHashMap.newKeySet();
    /** Those that cannot be started, and why. */
    final Map<String, String> unstartable = new ConcurrentHashMap<>();
    final List<String> pulled = new CopyOnWriteArrayList<>();
    /** Bodies of create requests, as they came. */
    final List<JsonNode> created = new CopyOnWriteArrayList<>();
    /** Images that were asked for. */
    final List<String> inspected = new CopyOnWriteArrayList<>();
    final AtomicInteger hung = new AtomicInteger();
    final List<String> removed = new CopyOnWriteArrayList<>();
    final Map<String, Box> boxes = new ConcurrentHashMap<>();
    /** Called with the server of a container that starts. */
    volatile Consumer<CogStandIn> started = server -> {};
    /** Requests whose path contains it are not answered while it stands. */
    volatile @Nullable String hangs;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger number = new AtomicInteger();
    private final HttpServer server;

    /** A container. */
    static final class Box {
        final String id;
        final JsonNode order;
        volatile @Nullable CogStandIn server;
        volatile String state = "created";
        volatile int exitCode;
        volatile String logs = "";

        Box(String id, JsonNode order) {
            this.id = id;
            this.order = order;
        }

        /** Its process ends. */
        void exit(int code, String printed) {
            exitCode = code;
            logs = printed;
            state = "exited";
            CogStandIn inside = server;
            if (inside != null) {
                inside.close();
            }
        }
    }

    DockerStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    /** How an executor gets there. */
    String host() {
        return "tcp://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A container that was there before. */
    Box add(String id, String owner, String state) {
        ObjectNode order = Json.object();
        order.putObject("Labels").put(DockerOwner.LABEL, owner);
        Box box = new Box(id, order);
        box.state = state;
        boxes.put(id, box);
        return box;
    }

    List<Box> running() {
        return boxes.values().stream().filter(box -> box.state.equals("running")).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = URLDecoder.decode(exchange.getRequestURI().getPath(), StandardCharsets.UTF_8).replaceFirst("^/v\\d[^/]*", "");
        String hanging = hangs;
        if (hanging != null && path.contains(hanging)) {
            hung.incrementAndGet();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        String method = exchange.getRequestMethod();
        String id = path.replaceFirst("^/containers/([^/]+).*", "$1");
        Box box = boxes.get(id);
        if (path.equals("/_ping")) {
            reply(exchange, 200, "OK".getBytes(StandardCharsets.UTF_8));
        } else if (path.startsWith("/images/") && path.endsWith("/json")) {
            image(exchange, path.substring("/images/".length(), path.length() - "/json".length()));
        } else if (path.equals("/images/create")) {
            pull(exchange);
        } else if (path.startsWith("/networks/")) {
            ObjectNode network = Json.object();
            network.putObject("IPAM").putArray("Config").addObject().put("Gateway", "127.0.0.1");
            reply(exchange, 200, network);
        } else if (path.equals("/containers/create")) {
            create(exchange);
        } else if (path.equals("/containers/json")) {
            list(exchange);
        } else if (box == null) {
            reply(exchange, 404, message("No such container: " + id));
        } else if (path.endsWith("/start")) {
            start(exchange, box);
        } else if (path.endsWith("/logs")) {
            byte[] text = box.logs.getBytes(StandardCharsets.UTF_8);
            reply(exchange, 200, ByteBuffer.allocate(8 + text.length).put((byte) 2).position(4).putInt(text.length).put(text).array());
        } else if (path.endsWith("/json")) {
            reply(exchange, 200, shown(box));
        } else if (method.equals("DELETE")) {
            box.exit(137, box.logs);
            boxes.remove(id);
            removed.add(id);
            exchange.sendResponseHeaders(204, -1);
        } else {
            reply(exchange, 404, message("no " + method + " " + path));
        }
    }

    private void image(HttpExchange exchange, String name) throws IOException {
        inspected.add(name);
        if (!images.contains(name)) {
            reply(exchange, 404, message("No such image: " + name));
            return;
        }
        ObjectNode image = Json.object().put("Id", "sha256:" + name.hashCode());
        ArrayNode command = image.putObject("Config").putArray("Cmd");
        List.of("python", "-m", "cog.server.http").forEach(command::add);
        reply(exchange, 200, image);
    }

    private void pull(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String name = query.replaceFirst(".*fromImage=([^&]*).*", "$1");
        String image = query.contains("tag=") ? name + ":" + query.replaceFirst(".*tag=([^&]*).*", "$1") : name;
        pulled.add(image);
        if (!registry.contains(image)) {
            reply(exchange, 200, Json.object().put("error", "manifest unknown").set("errorDetail", message("manifest unknown")));
            return;
        }
        images.add(image);
        reply(exchange, 200, Json.object().put("status", "Status: Downloaded newer image for " + image));
    }

    private void create(HttpExchange exchange) throws IOException {
        JsonNode order = Json.parse(exchange.getRequestBody().readAllBytes());
        created.add(order);
        String id = "box" + number.incrementAndGet();
        boxes.put(id, new Box(id, order));
        reply(exchange, 201, Json.object().put("Id", id));
    }

    private void list(HttpExchange exchange) throws IOException {
        ArrayNode list = Json.mapper().createArrayNode();
        for (Box box : boxes.values()) {
            ObjectNode one = list.addObject().put("Id", box.id).put("State", box.state);
            one.set("Labels", box.order.path("Labels"));
        }
        reply(exchange, 200, list);
    }

    private void start(HttpExchange exchange, Box box) throws IOException {
        String problem = unstartable.get(box.order.path("Image").asText());
        if (problem != null) {
            reply(exchange, 500, message(problem));
            return;
        }
        List<String> command = StreamSupport.stream(box.order.path("Cmd").spliterator(), false).map(JsonNode::asText).toList();
        int upload = command.indexOf("--upload-url");
        CogStandIn inside = new CogStandIn(new CogStandIn.Options(
                CogStandIn.Family.COGLET, "text", 2, upload < 0 ? "" : command.get(upload + 1)));
        inside.setupEnd = box.id;
        started.accept(inside);
        box.server = inside;
        box.state = "running";
        exchange.sendResponseHeaders(204, -1);
    }

    private static ObjectNode shown(Box box) {
        ObjectNode shown = Json.object().put("Id", box.id);
        shown.putObject("State")
                .put("Running", box.state.equals("running"))
                .put("ExitCode", box.exitCode)
                .put("OOMKilled", false);
        ArrayNode ports = shown.putObject("NetworkSettings").putObject("Ports").putArray("5000/tcp");
        CogStandIn inside = box.server;
        if (inside != null) {
            ports.addObject().put("HostIp", "127.0.0.1").put("HostPort", Integer.toString(inside.port()));
        }
        return shown;
    }

    private static ObjectNode message(String text) {
        return Json.object().put("message", text);
    }

    private static void reply(HttpExchange exchange, int code, JsonNode body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        reply(exchange, code, Json.bytes(body));
    }

    private static void reply(HttpExchange exchange, int code, byte[] body) throws IOException {
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        closed.countDown();
        boxes.values().forEach(box -> box.exit(137, ""));
        server.stop(0);
    }
}
