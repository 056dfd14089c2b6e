package dev.auspex.dispatcher.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** A webhook receiver on loopback that answers by a script and remembers everything. */
public final class Receiver implements AutoCloseable {

    /** A request as it came. @param client whom its certificate names; {@code null} if it showed none */
    public record Received(String uri, Map<String, String> headers, byte[] body, @Nullable String client) {
        public String id() {
            return headers.get("webhook-id");
        }

        public String event() {
            return headers.get("auspex-event");
        }

        public int attempt() {
            return Integer.parseInt(headers.get("auspex-delivery-attempt"));
        }

        public String text() {
            return new String(body, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    /** Answers a request, now, later or never. */
    @FunctionalInterface
    public interface Script {
        void answer(Received request, HttpServerResponse response);
    }

    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final String host;
    private final String scheme;
    private volatile Script script = status(200);

    public Receiver(Vertx vertx) {
        this(vertx, new HttpServerOptions().setHost("127.0.0.1"));
    }

    /** @param options with the address to listen on */
    public Receiver(Vertx vertx, HttpServerOptions options) {
        host = options.getHost();
        scheme = options.isSsl() ? "https" : "http";
        server = vertx.createHttpServer(options)
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(this::handle)
                .listen(0, host)
                .await();
    }

    private void handle(HttpServerRequest request) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.headers().forEach(headers::put);
        request.body().onSuccess(body -> {
            Received one = new Received(request.uri(), headers, body.getBytes(), client(request));
            received.add(one);
            script.answer(one, request.response());
        });
    }

    private static @Nullable String client(HttpServerRequest request) {
        try {
            return request.isSSL() ? request.sslSession().getPeerPrincipal().getName() : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /** A script that always answers with a status and a short body. */
    public static Script status(int status) {
        return (request, response) -> response.setStatusCode(status).end("ok");
    }

    /** A script that never answers. */
    public static Script hang() {
        return (request, response) -> {};
    }

    /** A script that answers 200 without end. */
    public static Script endless() {
        return (request, response) -> {
            response.setChunked(true);
            more(response);
        };
    }

    private static void more(HttpServerResponse response) {
        if (!response.closed()) {
            response.write(Buffer.buffer(new byte[8192])).onSuccess(written -> more(response));
        }
    }

    public Receiver script(Script next) {
        script = next;
        return this;
    }

    public String url(String path) {
        return scheme + "://" + host + ":" + port() + path;
    }

    public int port() {
        return server.actualPort();
    }

    public List<Received> received() {
        return List.copyOf(received);
    }

    /** Requests whose URI begins so. */
    public List<Received> received(String uriPrefix) {
        return received.stream().filter(one -> one.uri().startsWith(uriPrefix)).toList();
    }

    /** How many connections were opened. */
    public int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        server.close().await();
    }
}
