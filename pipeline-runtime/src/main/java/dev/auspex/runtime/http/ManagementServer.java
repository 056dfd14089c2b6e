package dev.auspex.runtime.http;

import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.lifecycle.Service;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /healthz}, {@code /readyz}, {@code /metrics} and a service's own pages, for one that runs alone. Everything else
 * is answered with 503: on the port of a service with routes of its own it stands in while that waits for Kafka.
 */
public final class ManagementServer implements Service {

    private static final String ANY_ADDRESS = "0.0.0.0";

    private final ServiceContext context;
    private final String host;
    private final int port;
    private final Supplier<List<String>> problems;
    private final Supplier<Map<String, Supplier<Object>>> pages;
    private @Nullable HttpServer server;

    /**
     * On all addresses of this machine.
     *
     * @param problems why the process is not ready; empty when it is
     * @param pages asked at every request for documents to show as JSON, by path
     */
    public ManagementServer(
            ServiceContext context,
            int port,
            Supplier<List<String>> problems,
            Supplier<Map<String, Supplier<Object>>> pages) {
        this(context, ANY_ADDRESS, port, problems, pages);
    }

    /** On one address, without pages. @param problems why the process is not ready; empty when it is */
    public ManagementServer(ServiceContext context, String host, int port, Supplier<List<String>> problems) {
        this(context, host, port, problems, Map::of);
    }

    private ManagementServer(
            ServiceContext context,
            String host,
            int port,
            Supplier<List<String>> problems,
            Supplier<Map<String, Supplier<Object>>> pages) {
        this.context = context;
        this.host = host;
        this.port = port;
        this.problems = problems;
        this.pages = pages;
    }

    /** Adds the three routes to a router. */
    public static void mount(Router router, ServiceContext context, Supplier<List<String>> problems) {
        router.get("/healthz").handler(ctx -> ctx.response().end("ok\n"));
        router.get("/readyz").handler(ctx -> {
            List<String> why = problems.get();
            ctx.response()
                    .setStatusCode(why.isEmpty() ? 200 : 503)
                    .putHeader("content-type", "text/plain; charset=utf-8")
                    .end(why.isEmpty() ? "ready\n" : String.join("\n", why) + "\n");
        });
        router.get("/metrics").handler(ctx -> ctx.response()
                .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                .end(context.metrics().scrape()));
    }

    @Override
    public String name() {
        return "management";
    }

    @Override
    public void start() throws Exception {
        Router router = Router.router(context.vertx());
        mount(router, context, problems);
        router.get().handler(ctx -> {
            Supplier<Object> page = pages.get().get(ctx.request().path());
            if (page == null) {
                ctx.next();
            } else {
                ctx.response().putHeader("content-type", "application/json").end(Buffer.buffer(Json.bytes(page.get())));
            }
        });
        router.route().handler(ctx -> ctx.response()
                .setStatusCode(503)
                .putHeader("retry-after", "1")
                .putHeader("content-type", "application/problem+json")
                .end("{\"title\":\"Temporarily unavailable\",\"detail\":\"This service is starting.\",\"status\":503,"
                        + "\"type\":\"unavailable\",\"retry_after\":1}"));
        server = context.vertx().createHttpServer().requestHandler(router);
        server.listen(port, host).await(30, TimeUnit.SECONDS);
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public void stop(Duration limit) throws Exception {
        HttpServer open = server;
        server = null;
        if (open != null) {
            open.close().await(limit.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
