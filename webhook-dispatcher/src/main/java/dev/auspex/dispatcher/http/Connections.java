package dev.auspex.dispatcher.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.time.Clock;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections to receivers, kept for a while, over which nothing is followed and nothing expanded. One event loop. */
final class Connections implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int KEEP_ALIVE_SECONDS = 15;
    private static final int MOST_HEADER_BYTES = 16 * 1024;

    private final Vertx vertx;
    private final Clock clock;
    private final @Nullable TrustOptions trust;
    private final HttpClient client;
    /** Made and not used yet. */
    private final Set<HttpConnection> fresh = Collections.newSetFromMap(new WeakHashMap<>());

    /**
     * @param maxPerHost connections to one host
     * @param trust which certificates count; {@code null} for the platform's
     */
    Connections(Vertx vertx, Clock clock, int maxPerHost, @Nullable TrustOptions trust) {
        this.vertx = vertx;
        this.clock = clock;
        this.trust = trust;
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(true)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setPipelining(false)
                .setConnectTimeout(CONNECT_MILLIS)
                .setSslHandshakeTimeout(CONNECT_MILLIS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setVerifyHost(true)
                .setTcpNoDelay(true)
                .setDecompressionSupported(false)
                .setMaxRedirects(0)
                .setMaxHeaderSize(MOST_HEADER_BYTES);
        if (trust != null) {
            options.setTrustOptions(trust);
        }
        this.client = vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(maxPerHost))
                .withConnectHandler(connection -> {
                    fresh.add(connection);
                    // A broken answer shows as a failed response; without a handler every one of them would be logged.
                    connection.exceptionHandler(failure -> {});
                })
                .build();
    }

    Vertx vertx() {
        return vertx;
    }

    Clock clock() {
        return clock;
    }

    HttpClient client() {
        return client;
    }

    /** TLS options like everybody's, with a certificate of one's own. */
    ClientSSLOptions tls(KeyCertOptions certificate) {
        ClientSSLOptions options = new ClientSSLOptions()
                .setKeyCertOptions(certificate)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setSslHandshakeTimeout(CONNECT_MILLIS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        if (trust != null) {
            options.setTrustOptions(trust);
        }
        return options;
    }

    /** Whether a connection is used for the first time; says so once. */
    boolean isNew(HttpConnection connection) {
        return fresh.remove(connection);
    }

    @Override
    public void close() {
        client.close();
    }
}
