package dev.auspex.gateway.http;

import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * The API's public address as a client sees it, without a trailing slash: the setting {@code http.url}, else made of the
 * request's Host header, so that links work through port forwarding. Immutable; safe for any thread.
 */
public final class BaseUrl {

    private final @Nullable String configured;

    /** Reads the setting. */
    public BaseUrl(Settings settings) {
        this.configured = settings.find(Keys.HTTP_URL).orElse(null);
    }

    /** The address for the answer to this request. */
    public String of(HttpServerRequest request) {
        if (configured != null) {
            return configured;
        }
        String authority = authority(request);
        return (request.isSSL() ? "https://" : "http://") + (authority == null ? "localhost:" + request.localAddress().port() : authority);
    }

    /** The address for the answer to this request. */
    public String of(RoutingContext ctx) {
        return of(ctx.request());
    }

    /** Whether an absolute address is one of this API's, as this client sees it. @param authority {@code host[:port]} */
    public boolean isOwn(HttpServerRequest request, String authority) {
        String base = of(request);
        return base.substring(base.indexOf("://") + 3).split("/", 2)[0].equalsIgnoreCase(authority)
                || authority.equalsIgnoreCase(authority(request));
    }

    /** The Host header if it is nothing but a host and a port: it becomes part of addresses that are stored. */
    private static @Nullable String authority(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority == null || authority.host().isEmpty() || authority.port() > 65_535) {
            return null;
        }
        String host = authority.host();
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_');
            if (!plain && c != '[' && c != ']' && c != ':') {
                return null;
            }
        }
        return authority.port() > 0 ? host + ":" + authority.port() : host;
    }
}
