package dev.auspex.runtime.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where an HTTP proxy listens and what it wants to know of whoever uses it.
 *
 * @param host a name or an address
 * @param port of the proxy
 * @param user {@code null} if the proxy does not ask
 * @param password of the user; {@code null} if there is none
 */
public record ProxyAddress(String host, int port, @Nullable String user, @Nullable Secret password) {

    /** What {@link #parse} takes. */
    static final String FORM = "http://[user:password@]host:port";

    /** Reads {@value #FORM}. @throws IllegalArgumentException for anything else */
    public static ProxyAddress parse(String text) {
        URI uri = URI.create(text.strip());
        boolean complete = "http".equals(uri.getScheme()) && uri.getHost() != null
                && uri.getPort() >= 1 && uri.getPort() <= PortRange.LAST;
        if (!complete || !uri.getRawPath().matches("/?") || uri.getRawQuery() != null) {
            throw new IllegalArgumentException("expected " + FORM);
        }
        String host = uri.getHost().startsWith("[")
                ? uri.getHost().substring(1, uri.getHost().length() - 1) : uri.getHost();
        String who = uri.getUserInfo();
        if (who == null) {
            return new ProxyAddress(host, uri.getPort(), null, null);
        }
        int colon = who.indexOf(':');
        if (colon < 1 || colon == who.length() - 1) {
            throw new IllegalArgumentException("expected " + FORM);
        }
        return new ProxyAddress(host, uri.getPort(), who.substring(0, colon), new Secret(who.substring(colon + 1)));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "http://" + (user == null ? "" : user + ":(hidden)@")
                + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
