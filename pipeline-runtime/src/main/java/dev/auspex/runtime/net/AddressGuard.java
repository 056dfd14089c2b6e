package dev.auspex.runtime.net;

import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.PortRange;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which addresses the platform may connect to on behalf of users (webhooks, input downloads). Ask it about the
 * resolved address at connect time and connect to that very address: a second look-up could answer differently.
 * Immutable; safe for any thread.
 */
public final class AddressGuard {

    private static final Pattern DOTTED = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    /** IANA special-purpose registries (RFC 6890 and updates), multicast and ranges that embed IPv4 addresses. */
    private static final List<Range> SPECIAL = List.of(
                    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                    "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
                    "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
                    "224.0.0.0/4", "240.0.0.0/4",
                    "::/128", "::1/128", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64",
                    "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16",
                    "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8")
            .stream()
            .map(Range::parse)
            .toList();

    private final List<Range> allowed;
    private final List<PortRange> ports;

    private AddressGuard(List<Range> allowed, List<PortRange> ports) {
        this.allowed = allowed;
        this.ports = ports;
    }

    /** @param allow CIDRs, each optionally with {@code :port} ({@code [v6/len]:port}), that are allowed besides public
     *     addresses
     * @throws ConfigException if one cannot be read */
    public static AddressGuard of(List<String> allow) {
        return of(allow, List.of(new PortRange(1, PortRange.LAST)));
    }

    /**
     * @param allow as in {@link #of(List)}
     * @param ports that public addresses may be called at; what {@code allow} names may be called at any
     * @throws ConfigException if an entry cannot be read
     */
    public static AddressGuard of(List<String> allow, List<PortRange> ports) {
        return new AddressGuard(allow.stream().map(AddressGuard::parseAllowed).toList(), List.copyOf(ports));
    }

    private static Range parseAllowed(String text) {
        try {
            return Range.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    "webhook.allow (AUSPEX_WEBHOOK_ALLOW): is '" + text + "', expected CIDR or CIDR:port");
        }
    }

    /** Whether a connection to this address and port may be made. */
    public boolean permits(InetAddress address, int port) {
        byte[] bytes = unmapped(address.getAddress());
        for (Range range : allowed) {
            if (range.contains(bytes) && (range.port == 0 || range.port == port)) {
                return true;
            }
        }
        for (Range range : SPECIAL) {
            if (range.contains(bytes)) {
                return false;
            }
        }
        return permitsPort(port);
    }

    /** Whether public addresses may be called at this port. */
    public boolean permitsPort(int port) {
        return ports.stream().anyMatch(range -> range.contains(port));
    }

    /**
     * The address written in a URL's host part, or {@code null} if it is a name to be looked up. Hosts that look like
     * numbers but are not plain dotted decimals (octal, hexadecimal, short forms) are refused.
     *
     * @throws IllegalArgumentException for such a host
     */
    public static @Nullable InetAddress literal(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        boolean v6 = bare.indexOf(':') >= 0;
        String lastLabel = bare.substring(bare.lastIndexOf('.') + 1);
        boolean numeric = !lastLabel.isEmpty() && Character.digit(lastLabel.charAt(0), 10) >= 0;
        if (!v6 && !numeric) {
            return null;
        }
        if (!v6 && !DOTTED.matcher(bare).matches()) {
            throw new IllegalArgumentException("the host looks like a number but is not a dotted IPv4 address");
        }
        return InetAddress.ofLiteral(bare); // never looks anything up, whatever the text
    }

    // The JDK turns most v4-mapped v6 addresses (::ffff:a.b.c.d) into v4 by itself, but not those built with a scope.
    private static byte[] unmapped(byte[] address) {
        if (address.length != 16 || address[10] != -1 || address[11] != -1) {
            return address;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return address;
            }
        }
        return Arrays.copyOfRange(address, 12, 16);
    }

    private static final class Range {
        private final byte[] base;
        private final int bits;
        private final int port;

        private Range(byte[] base, int bits, int port) {
            this.base = base;
            this.bits = bits;
            this.port = port;
        }

        static Range parse(String text) {
            String cidr = text;
            int port = 0;
            int end = text.lastIndexOf(':');
            if (text.startsWith("[")) {
                int close = text.indexOf(']');
                if (close < 0) {
                    throw new IllegalArgumentException("expected a closing bracket");
                }
                cidr = text.substring(1, close);
                if (close < text.length() - 1) {
                    port = port(text.substring(close + 1));
                }
            } else if (end >= 0 && text.indexOf(':') == end) {
                cidr = text.substring(0, end);
                port = port(text.substring(end));
            }
            int slash = cidr.indexOf('/');
            String host = slash < 0 ? cidr : cidr.substring(0, slash);
            InetAddress address = literal(host);
            if (address == null) {
                throw new IllegalArgumentException("expected an address");
            }
            byte[] base = address.getAddress();
            int bits = slash < 0 ? base.length * 8 : Integer.parseInt(cidr.substring(slash + 1));
            if (bits < 0 || bits > base.length * 8) {
                throw new IllegalArgumentException("out of bounds");
            }
            return new Range(base, bits, port);
        }

        private static int port(String colonAndNumber) {
            int port = colonAndNumber.startsWith(":") ? Integer.parseInt(colonAndNumber.substring(1)) : 0;
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("expected :port with 1 to 65535");
            }
            return port;
        }

        boolean contains(byte[] address) {
            if (address.length != base.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (address[i] != base[i]) {
                    return false;
                }
            }
            int rest = bits % 8;
            return rest == 0 || ((address[whole] ^ base[whole]) & (0xFF00 >> rest) & 0xFF) == 0;
        }
    }
}
