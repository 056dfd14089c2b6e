package dev.auspex.dispatcher.http;

import dev.auspex.runtime.net.AddressGuard;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A webhook URL taken apart.
 *
 * @param tls whether it is https
 * @param host the name or address, lower-case, without brackets and trailing dot
 * @param port the given one or the scheme's
 * @param literal the address, if the host is one; {@code null} for a name
 * @param requestUri path and query as they are given
 */
public record Target(boolean tls, String host, int port, @Nullable InetAddress literal, String requestUri) {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int LONGEST_NAME = 253;
    /** Names with an underscore are common among containers, but not what {@link URI} calls a host. */
    private static final Pattern LOOSE_AUTHORITY = Pattern.compile("([A-Za-z0-9_.-]+)(?::(\\d{1,5}))?");

    /** @throws IllegalArgumentException with one sentence, without the URL, if it may not or cannot be called */
    public static Target parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the URL cannot be read", e);
        }
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        if (!tls && !"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("the scheme is neither http nor https");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("the URL holds user information");
        }
        String host = uri.getHost();
        int port = uri.getPort();
        if (host == null) {
            Matcher authority = LOOSE_AUTHORITY.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
            if (!authority.matches()) {
                throw new IllegalArgumentException("the URL has no valid host");
            }
            host = authority.group(1);
            port = authority.group(2) == null ? -1 : Integer.parseInt(authority.group(2));
        }
        return of(tls, name(host), port, requestUri(uri));
    }

    private static Target of(boolean tls, String host, int givenPort, String requestUri) {
        int port = givenPort >= 0 ? givenPort : tls ? HTTPS_PORT : HTTP_PORT;
        if (port == 0 || port > 65_535) {
            throw new IllegalArgumentException("the port is out of bounds");
        }
        return new Target(tls, host, port, AddressGuard.literal(host), requestUri);
    }

    /** Host and port: what limits and pools go by. */
    public String authority() {
        return hostForHeader() + ":" + port;
    }

    /** The address without its query: clients put what differs between messages to one endpoint there. */
    public String endpoint() {
        int query = requestUri.indexOf('?');
        return (tls ? "https://" : "http://") + authority() + (query < 0 ? requestUri : requestUri.substring(0, query));
    }

    /** As it stands in a {@code Host} header: an IPv6 address in brackets. */
    String hostForHeader() {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    private static String name(String given) {
        String bare = given.startsWith("[") ? given.substring(1, given.length() - 1) : given;
        if (bare.endsWith(".")) {
            bare = bare.substring(0, bare.length() - 1);
        }
        String host = bare.toLowerCase(Locale.ROOT);
        if (host.isEmpty() || host.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("the URL has no valid host");
        }
        return host;
    }

    private static String requestUri(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String whole = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        return isAscii(whole) ? whole : asciiOf(uri);
    }

    private static String asciiOf(URI uri) {
        URI encoded = URI.create(uri.toASCIIString());
        String path = encoded.getRawPath().isEmpty() ? "/" : encoded.getRawPath();
        return encoded.getRawQuery() == null ? path : path + "?" + encoded.getRawQuery();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }
}
