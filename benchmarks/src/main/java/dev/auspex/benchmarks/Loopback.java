package dev.auspex.benchmarks;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Keeps the load on this machine: a load driver that can be pointed anywhere is a weapon. */
final class Loopback {

    private Loopback() {}

    /** The target of a run. @throws IllegalArgumentException with one sentence if it is not an http URL on loopback */
    static URI url(String text) {
        URI uri;
        try {
            uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--url: expected http://127.0.0.1:<port>, found '" + text + "'", e);
        }
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 1) {
            throw new IllegalArgumentException("--url: expected http://127.0.0.1:<port>, found '" + text + "'");
        }
        check("--url", uri.getHost());
        return uri;
    }

    /** Kafka's bootstrap servers. @throws IllegalArgumentException with one sentence if one is not on loopback */
    static String servers(String text) {
        for (String server : text.split(",")) {
            int colon = server.lastIndexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("--kafka: expected host:port, found '" + server + "'");
            }
            check("--kafka", server.substring(0, colon));
        }
        return text;
    }

    private static void check(String option, String host) {
        try {
            if (!Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress)) {
                throw new IllegalArgumentException(
                        option + ": the benchmark only runs against this machine's loopback address, not " + host);
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(option + ": no such host: " + host, e);
        }
    }
}
