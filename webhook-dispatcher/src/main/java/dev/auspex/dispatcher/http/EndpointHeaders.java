package dev.auspex.dispatcher.http;

import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import dev.auspex.runtime.security.MasterSecret;
import dev.auspex.runtime.security.Seal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The headers that owners of endpoints set: their values often are passwords, so they are stored sealed, each for its
 * endpoint and its name. Immutable; safe for any thread.
 */
public final class EndpointHeaders {

    /** Begins a sealed value. No header's value can: it is not ASCII. Values of earlier versions do not have it. */
    private static final String MARK = "§";

    private final Seal seal;

    /** @param secret of the installation */
    public EndpointHeaders(MasterSecret secret) {
        this.seal = new Seal(secret, "webhook-endpoint-header");
    }

    /** As they are stored. */
    public Map<String, String> seal(EndpointId endpoint, Map<String, String> headers) {
        Map<String, String> sealed = new LinkedHashMap<>();
        headers.forEach((name, value) -> sealed.put(
                name, MARK + seal.close(endpoint.value(), name, value.getBytes(StandardCharsets.US_ASCII))));
        return sealed;
    }

    /** As they are sent. @throws IllegalStateException if one cannot be opened */
    Map<String, String> open(WebhookEndpoint endpoint) {
        Map<String, String> opened = new LinkedHashMap<>();
        endpoint.target().headers().forEach((name, value) -> opened.put(name, value.startsWith(MARK)
                ? new String(seal.open(endpoint.id().value(), name, value.substring(MARK.length())), StandardCharsets.US_ASCII)
                : value));
        return opened;
    }
}
