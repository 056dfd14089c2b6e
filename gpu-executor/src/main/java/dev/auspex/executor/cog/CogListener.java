package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Cog servers reach of this executor: they post their webhooks to it, fetch input files from it and put output files
 * into it. Every job has an address of its own that nobody can guess, and webhooks are always answered with 200 at once:
 * a Cog server that waits for its receiver keeps its slot. Safe for any thread.
 */
final class CogListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CogListener.class);
    private static final String JOBS = "/jobs/";
    private static final int LARGEST_WEBHOOK = 128 << 20;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Post> jobs = new ConcurrentHashMap<>();
    private final CogUploads uploads;
    private final String base;

    /**
     * Begins to listen.
     *
     * @param bind where; port 0 for a free one
     * @param host under which name Cog servers reach it
     */
    CogListener(InetSocketAddress bind, String host, CogUploads uploads) throws IOException {
        this.uploads = uploads;
        this.server = HttpServer.create(bind, 0);
        this.base = "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.getAddress().getPort();
        server.setExecutor(threads);
        server.createContext(JOBS, exchange -> handle(exchange, this::job));
        server.createContext(CogUploads.PATH, exchange -> handle(exchange, uploads::receive));
        server.start();
    }

    /** What answers a request. */
    @FunctionalInterface
    interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private static void handle(HttpExchange exchange, Handler handler) {
        try (exchange) {
            handler.handle(exchange);
        } catch (IOException | RuntimeException e) {
            LOG.atDebug().setCause(e).log("a Cog server's request was not answered");
        }
    }

    /** Where an upload comes to; for {@code --upload-url}. @param word the secret in it */
    String uploadUrl(String word) {
        return base + CogUploads.PATH + word + "/";
    }

    /** What has been uploaded. */
    CogUploads uploads() {
        return uploads;
    }

    /** Opens an address for a job; close it when the job is over. @param webhook gets every body that comes, on any thread */
    Post open(Consumer<JsonNode> webhook) {
        byte[] token = new byte[16];
        random.nextBytes(token);
        Post post = new Post(HexFormat.of().formatHex(token), webhook);
        jobs.put(post.token, post);
        return post;
    }

    private void job(HttpExchange exchange) throws IOException {
        List<String> path = List.of(exchange.getRequestURI().getPath().substring(JOBS.length()).split("/", 4));
        Post post = jobs.get(path.getFirst());
        if (path.size() >= 2 && path.get(1).equals("webhook")) {
            byte[] body = exchange.getRequestBody().readNBytes(LARGEST_WEBHOOK);
            exchange.sendResponseHeaders(200, -1);
            if (post != null) {
                post.webhook.accept(CogClient.json(body));
            }
        } else if (post != null && path.size() == 4 && path.get(1).equals("inputs")) {
            serve(exchange, post.input(path.get(2)));
        } else {
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private static void serve(HttpExchange exchange, @Nullable Path file) throws IOException {
        if (file == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        String type = URLConnection.guessContentTypeFromName(exchange.getRequestURI().getPath());
        exchange.getResponseHeaders().set("Content-Type", type == null ? "application/octet-stream" : type);
        long size = Files.size(file);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(size));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, size == 0 ? -1 : size);
        try (InputStream content = Files.newInputStream(file); OutputStream out = exchange.getResponseBody()) {
            content.transferTo(out);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** The address of one job. */
    final class Post implements AutoCloseable {

        private final String token;
        private final Consumer<JsonNode> webhook;
        private final List<Path> inputs = new CopyOnWriteArrayList<>();

        private Post(String token, Consumer<JsonNode> webhook) {
            this.token = token;
            this.webhook = webhook;
        }

        String webhookUrl() {
            return base + JOBS + token + "/webhook";
        }

        /** Offers a file to the job's server. @param name its last part names the file's kind for the model @return where */
        String offer(Path file, String name) {
            inputs.add(file);
            return base + JOBS + token + "/inputs/" + (inputs.size() - 1) + "/" + name;
        }

        private @Nullable Path input(String number) {
            return number.matches("\\d{1,4}") && Integer.parseInt(number) < inputs.size()
                    ? inputs.get(Integer.parseInt(number))
                    : null;
        }

        @Override
        public void close() {
            jobs.remove(token);
        }
    }
}
