package dev.auspex.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How {@code ./auspex up} is to be started.
 *
 * @param name begins the name of the output file
 * @param port of the API
 * @param data the data folder
 * @param environment further variables
 */
record Launch(String name, int port, Path data, Map<String, String> environment) {

    /** The tokens that every launch gets unless it says otherwise, by account. */
    static final Map<String, String> TOKENS = Map.of("acme", "acme-system-test-token", "other", "other-system-test-token");

    Launch {
        environment = Map.copyOf(environment);
    }

    /** With two accounts, on a port that was free a moment ago. */
    static Launch on(String name, Path data) {
        return new Launch(name, freePort(), data, Map.of())
                .with("AUSPEX_TOKENS", "acme=" + TOKENS.get("acme") + ",other=" + TOKENS.get("other"));
    }

    /** The same with one more variable. */
    Launch with(String variable, String value) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.put(variable, value);
        return new Launch(name, port, data, changed);
    }

    /** The same without a variable. */
    Launch without(String variable) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.remove(variable);
        return new Launch(name, port, data, changed);
    }

    /** The same on another port. */
    Launch onPort(int other) {
        return new Launch(name, other, data, environment);
    }

    /** A port that nobody listens on now. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
