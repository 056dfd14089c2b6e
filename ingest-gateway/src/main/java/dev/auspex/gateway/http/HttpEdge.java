package dev.auspex.gateway.http;

import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.ConfigKey;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.security.DevelopmentCertificate;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening sockets: one server per event loop that the machine has a core for, all on one port. */
public final class HttpEdge {

    private static final Logger LOG = LoggerFactory.getLogger(HttpEdge.class);
    /** More loops do not help: the thread that sends to Kafka is busy before they are. */
    private static final int MAX_LOOPS = 8;
    /** Longer than the longest wait a client may ask for, so that it only ends connections nobody uses. */
    private static final int IDLE_SECONDS = 75;

    private final Vertx vertx;
    private final Settings settings;
    private final Handler<HttpServerRequest> handler;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    /** @param handler safe for any event loop */
    public HttpEdge(Vertx vertx, Settings settings, Handler<HttpServerRequest> handler) {
        this.vertx = vertx;
        this.settings = settings;
        this.handler = handler;
    }

    /**
     * Begins to listen. Not on an event loop.
     *
     * @return the port
     * @throws ConfigException if host and port cannot be used
     */
    public int listen() throws Exception {
        int loops = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_LOOPS);
        HttpServerOptions options = options();
        try {
            vertx.deployVerticle(() -> new Listener(options), new DeploymentOptions().setInstances(loops))
                    .await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            // await throws what the sockets failed with, checked or not.
            throw explained(e);
        }
        return servers.getFirst().actualPort();
    }

    /** Stops accepting, lets requests under way finish within the limit, then closes what is left. */
    public void shutdown(Duration limit) throws TimeoutException {
        Future.join(servers.stream()
                        .map(server -> server.shutdown(limit.toMillis(), TimeUnit.MILLISECONDS))
                        .toList())
                .await(limit.toMillis() + 1_000, TimeUnit.MILLISECONDS);
    }

    private Exception explained(Exception failure) {
        String host = settings.get(Keys.HTTP_HOST);
        return switch (failure) {
            case BindException taken -> new ConfigException("http.port (AUSPEX_HTTP_PORT): cannot listen on " + host + ":"
                    + settings.get(Keys.HTTP_PORT) + " (" + taken.getMessage() + "); stop what uses it or choose another");
            case UnknownHostException unknown -> new ConfigException(
                    "http.host (AUSPEX_HTTP_HOST): is '" + host + "', expected an address of this machine");
            default -> settings.find(Keys.HTTP_TLS_CERTIFICATE).isPresent() || settings.get(Keys.HTTP_TLS_DEVELOPMENT)
                    ? new ConfigException("http.tls.certificate, http.tls.key: cannot be used (" + failure.getMessage() + ")")
                    : failure;
        };
    }

    private HttpServerOptions options() {
        HttpServerOptions options = plainOptions();
        Optional<Path> certificate = settings.find(Keys.HTTP_TLS_CERTIFICATE);
        Optional<Path> key = settings.find(Keys.HTTP_TLS_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            throw new ConfigException("http.tls.certificate, http.tls.key: expected both or neither");
        }
        boolean development = settings.get(Keys.HTTP_TLS_DEVELOPMENT);
        if (development && certificate.isPresent()) {
            throw new ConfigException("http.tls.certificate, http.tls.development: expected one of them");
        }
        if (certificate.isPresent() && key.isPresent()) {
            encrypt(options, new PemKeyCertOptions()
                    .setCertPath(readable(Keys.HTTP_TLS_CERTIFICATE, certificate.get()))
                    .setKeyPath(readable(Keys.HTTP_TLS_KEY, key.get())));
        } else if (development) {
            encrypt(options, developmentCertificate());
        }
        return options;
    }

    private static void encrypt(HttpServerOptions options, KeyCertOptions certificate) {
        // As without TLS: one version of HTTP.
        options.setSsl(true).setUseAlpn(false).setKeyCertOptions(certificate);
    }

    private PfxOptions developmentCertificate() {
        try {
            DevelopmentCertificate made = DevelopmentCertificate.open(settings.get(Keys.DATA), Clock.systemUTC());
            return new PfxOptions()
                    .setPath(made.store().toAbsolutePath().toString())
                    .setPassword(made.password())
                    .setAlias(DevelopmentCertificate.ALIAS)
                    .setAliasPassword(made.password());
        } catch (IOException e) {
            throw new ConfigException("http.tls.development: no certificate could be made: " + e.getMessage());
        }
    }

    private static String readable(ConfigKey<Path> setting, Path file) {
        if (!Files.isReadable(file)) {
            throw new ConfigException(setting.name() + " (" + setting.variable() + "): cannot read " + file);
        }
        return file.toAbsolutePath().toString();
    }

    private HttpServerOptions plainOptions() {
        int port = settings.get(Keys.HTTP_PORT);
        return new HttpServerOptions()
                .setHost(settings.get(Keys.HTTP_HOST))
                // Vert.x gives every server its own free port for 0, and all the same one for a negative number.
                .setPort(port == 0 ? -1 : port)
                // Clients that offer to change to HTTP/2 are answered in the version that everybody speaks.
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxInitialLineLength(8 << 10)
                .setMaxHeaderSize(16 << 10)
                .setAcceptBacklog(4096)
                .setTcpNoDelay(true);
    }

    private final class Listener extends VerticleBase {
        private final HttpServerOptions options;

        Listener(HttpServerOptions options) {
            this.options = options;
        }

        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(options)
                    .requestHandler(handler)
                    .invalidRequestHandler(FailureHandler::invalidRequest)
                    .exceptionHandler(gone -> LOG.atDebug().setCause(gone).log("connection lost"));
            servers.add(server);
            return server.listen();
        }
    }
}
