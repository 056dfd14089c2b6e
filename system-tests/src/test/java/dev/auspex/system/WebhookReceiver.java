package dev.auspex.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** An HTTP server that answers 200 and keeps every request. Safe for any thread. */
final class WebhookReceiver implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Delivery> deliveries = new ConcurrentLinkedQueue<>();

    private WebhookReceiver(HttpServer server) {
        this.server = server;
    }

    /**
     * One request.
     *
     * @param path with its query
     * @param headers lower-case names, first values
     * @param body as it came
     */
    record Delivery(String method, String path, Map<String, String> headers, byte[] body, Instant at) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The header, or empty. */
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    static WebhookReceiver start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        WebhookReceiver receiver = new WebhookReceiver(server);
        server.createContext("/", receiver::receive);
        server.setExecutor(receiver.threads);
        server.start();
        return receiver;
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Map<String, String> headers = exchange.getRequestHeaders().entrySet().stream()
                    .collect(Collectors.toMap(
                            header -> header.getKey().toLowerCase(Locale.ROOT), header -> header.getValue().getFirst()));
            String path = exchange.getRequestURI().toString();
            deliveries.add(new Delivery(exchange.getRequestMethod(), path, headers, body, Instant.now()));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** The address of a path such as {@code /done?n=1}. */
    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Everything so far, in the order of arrival. */
    List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    /** What came for one path. */
    List<Delivery> deliveries(String path) {
        return deliveries.stream().filter(delivery -> delivery.path().equals(path)).toList();
    }

    /** How many so far. */
    int count() {
        return deliveries.size();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
