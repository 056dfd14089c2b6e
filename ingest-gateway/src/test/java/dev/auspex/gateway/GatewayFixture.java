package dev.auspex.gateway;

import dev.auspex.gateway.http.HeaderCaller;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.net.AddressGuard;
import dev.auspex.runtime.security.MasterSecret;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A real HTTP server on a free port with the routes under test, and what they need of a process. */
public final class GatewayFixture implements AutoCloseable {

    private final Vertx vertx;
    private final HttpServer server;

    /** Serves the routes that are mounted here. */
    public GatewayFixture(Vertx vertx, Consumer<Router> routes) throws Exception {
        this.vertx = vertx;
        Router router = Router.router(vertx);
        routes.accept(router);
        router.route().failureHandler(HeaderCaller::problem);
        server = vertx.createHttpServer().requestHandler(router);
        server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
    }

    /** A context without Kafka. */
    public static ServiceContext context(Vertx vertx, Clock clock, FileStore files, Map<String, String> settings)
            throws IOException {
        return context(vertx, clock, files, settings, new KafkaClients("127.0.0.1:1"), null);
    }

    /** A context. @param topics {@code null} for those of the settings */
    public static ServiceContext context(
            Vertx vertx, Clock clock, FileStore files, Map<String, String> raw, KafkaClients kafka, Topics topics)
            throws IOException {
        Settings settings = Settings.of(raw);
        return new ServiceContext(
                settings,
                topics == null ? ServiceContext.topics(settings) : topics,
                kafka,
                MasterSecret.load(settings),
                files,
                AddressGuard.of(List.of()),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                vertx,
                clock);
    }

    /** The server's address without a trailing slash. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** The server's port. */
    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() throws Exception {
        server.close().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
    }
}
