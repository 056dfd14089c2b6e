package dev.auspex.runtime.net;

import dev.auspex.runtime.config.ProxyAddress;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the platform leaves its network on behalf of users: directly, to addresses that the guard permits, or through a
 * proxy. Names are then looked up by the proxy, so that only it can judge their addresses; what can be told from the URL
 * alone is still refused here. Immutable; safe for any thread.
 *
 * @param guard which addresses may be reached
 * @param proxy whom all connections go through; {@code null} to connect directly
 */
public record Egress(AddressGuard guard, @Nullable ProxyAddress proxy) {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    /** Names that mean something within one machine or network only: RFC 6761, 6762, 8375, and ICANN's for private use. */
    private static final List<String> LOCAL = List.of("localhost", "local", "home.arpa", "internal");

    /** Whether connections are made by a proxy. */
    public boolean proxied() {
        return proxy != null;
    }

    /**
     * Why a target may not be called through the proxy.
     *
     * @param host as it stands in the URL, an IPv6 address without brackets
     * @param literal the address, if the host is one
     * @return one sentence; {@code null} if nothing speaks against it
     */
    public @Nullable String refusal(String host, @Nullable InetAddress literal, int port) {
        String name = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
        InetAddress address = name.equals("localhost") ? InetAddress.getLoopbackAddress() : literal;
        if (address != null) {
            return guard.permits(address, port) ? null : "the address may not be called";
        }
        if (name.indexOf('.') < 0 || LOCAL.stream().anyMatch(local -> name.endsWith("." + local))) {
            return "the host's name is one of a private network";
        }
        return guard.permitsPort(port) ? null : "the port may not be called";
    }

    /** Makes a request go through the proxy. @throws IllegalStateException if there is none */
    public RequestOptions through(RequestOptions request) {
        if (proxy == null) {
            throw new IllegalStateException("there is no proxy");
        }
        ProxyOptions options = new ProxyOptions()
                .setType(ProxyType.HTTP)
                .setHost(proxy.host())
                .setPort(proxy.port())
                .setConnectTimeout(CONNECT_LIMIT);
        if (proxy.user() != null && proxy.password() != null) {
            options.setUsername(proxy.user()).setPassword(proxy.password().value());
        }
        return request.setProxyOptions(options);
    }
}
