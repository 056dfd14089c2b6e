package dev.auspex.gateway.domain;

import dev.auspex.runtime.net.AddressGuard;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Which webhook addresses can be accepted when a prediction is created. A host that is a name is looked up only when a
 * webhook is delivered, and judged again there. Immutable; safe for any thread.
 */
public final class WebhookRule {

    private static final int MAX_LENGTH = 4096;

    private final AddressGuard guard;

    /** @param guard which addresses may be called */
    public WebhookRule(AddressGuard guard) {
        this.guard = guard;
    }

    /** Why the URL cannot be called; empty if it can. Never echoes the URL: it may hold secrets. */
    public Optional<String> refusal(String url) {
        if (url.length() > MAX_LENGTH) {
            return Optional.of("expected at most " + MAX_LENGTH + " characters");
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.of("expected an absolute http or https URL, with special characters percent-encoded");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            return Optional.of("expected an absolute http or https URL");
        }
        if (uri.getRawUserInfo() != null) {
            return Optional.of("a user name or password in the URL is not supported; verify the signature instead");
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
            return Optional.of("expected a valid host name or address and a port of 1 to 65535");
        }
        int port = uri.getPort() > 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return permitted(uri.getHost(), port)
                ? Optional.empty()
                : Optional.of("the host is not a public address, or the port not one, that this installation "
                        + "allows (settings webhook.allow and webhook.ports)");
    }

    private boolean permitted(String host, int port) {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.equals("localhost") || lower.endsWith(".localhost")) {
            // RFC 6761: these names are always the loopback address.
            return guard.permits(InetAddress.getLoopbackAddress(), port);
        }
        try {
            InetAddress literal = AddressGuard.literal(host);
            return literal == null || guard.permits(literal, port);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
