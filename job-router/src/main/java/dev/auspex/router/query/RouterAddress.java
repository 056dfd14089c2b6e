package dev.auspex.router.query;

import java.util.Optional;

/**
 * Where a router answers.
 *
 * @param host a name or an address, IPv6 in brackets
 * @param port its port
 */
public record RouterAddress(String host, int port) {

    /** Reads {@code host:port}; empty if the text has another form. */
    public static Optional<RouterAddress> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("\\d{1,5}")) {
            return Optional.empty();
        }
        return Optional.of(new RouterAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1))));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
