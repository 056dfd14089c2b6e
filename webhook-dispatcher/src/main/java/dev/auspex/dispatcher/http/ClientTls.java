package dev.auspex.dispatcher.http;

import dev.auspex.protocol.delivery.ClientCertificate;
import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import io.vertx.core.net.ClientSSLOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * TLS options of endpoints with a client certificate, prepared once. Connections are pooled by them: one that was made with
 * a certificate is never used for anybody else. One event loop.
 */
final class ClientTls {

    private static final int MOST_PREPARED = 1000;

    private record Prepared(ClientCertificate certificate, ClientSSLOptions options) {}

    private final Connections connections;
    private final ClientCertificates certificates;
    private final Map<EndpointId, Prepared> prepared = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<EndpointId, Prepared> eldest) {
            return size() > MOST_PREPARED;
        }
    };

    ClientTls(Connections connections, ClientCertificates certificates) {
        this.connections = connections;
        this.certificates = certificates;
    }

    /**
     * What a connection to an endpoint needs beyond the usual; {@code null} for nothing.
     *
     * @throws IllegalStateException if the key cannot be opened
     */
    @Nullable ClientSSLOptions of(@Nullable WebhookEndpoint endpoint) {
        ClientCertificate certificate = endpoint == null ? null : endpoint.target().certificate();
        if (endpoint == null || certificate == null) {
            return null;
        }
        Prepared known = prepared.get(endpoint.id());
        if (known == null || !known.certificate().equals(certificate)) {
            known = new Prepared(certificate, connections.tls(certificates.open(endpoint.id(), certificate)));
            prepared.put(endpoint.id(), known);
        }
        return known.options();
    }
}
