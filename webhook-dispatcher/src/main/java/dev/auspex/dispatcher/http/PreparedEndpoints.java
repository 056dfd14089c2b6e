package dev.auspex.dispatcher.http;

import dev.auspex.protocol.delivery.ClientCertificate;
import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import io.vertx.core.net.ClientSSLOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was sealed for endpoints, opened once and kept while they stay as they are. Connections are pooled by their TLS
 * options: one that was made with a certificate is never used for anybody else. One event loop.
 */
final class PreparedEndpoints {

    /**
     * What a request needs beyond the usual.
     *
     * @param tls with a client certificate; {@code null} for none
     * @param headers the owner's
     */
    record Prepared(@Nullable ClientSSLOptions tls, Map<String, String> headers) {}

    private static final int MOST = 1000;
    private static final Prepared NOTHING = new Prepared(null, Map.of());

    private record Known(WebhookEndpoint.Target target, Prepared prepared) {}

    private final Connections connections;
    private final Credentials credentials;
    private final Map<EndpointId, Known> recent = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<EndpointId, Known> eldest) {
            return size() > MOST;
        }
    };

    PreparedEndpoints(Connections connections, Credentials credentials) {
        this.connections = connections;
        this.credentials = credentials;
    }

    /** For an endpoint; nothing for none. @throws IllegalStateException if what was sealed cannot be opened */
    Prepared of(@Nullable WebhookEndpoint endpoint) {
        if (endpoint == null) {
            return NOTHING;
        }
        Known known = recent.get(endpoint.id());
        if (known == null || !known.target().equals(endpoint.target())) {
            known = new Known(endpoint.target(), open(endpoint));
            recent.put(endpoint.id(), known);
        }
        return known.prepared();
    }

    private Prepared open(WebhookEndpoint endpoint) {
        ClientCertificate certificate = endpoint.target().certificate();
        return new Prepared(
                certificate == null
                        ? null : connections.tls(credentials.certificates().open(endpoint.id(), certificate)),
                credentials.headers().open(endpoint));
    }
}
