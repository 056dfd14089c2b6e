package dev.auspex.runtime.lifecycle;

import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.net.AddressGuard;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Settings that are fine for trying things out and can lose or expose something in production. */
public final class UnsafeSettings {

    private static final int COPIES = 3;
    private static final InetAddress LOOPBACK_4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress LOOPBACK_6 = InetAddress.ofLiteral("::1");
    private static final InetAddress METADATA = InetAddress.ofLiteral("169.254.169.254");

    private UnsafeSettings() {}

    /**
     * Every one of them, with key, value and what production needs; empty if there is none. Producers always ask for all
     * acknowledgements; there is no key for less.
     */
    public static List<String> in(Settings settings) {
        List<String> found = new ArrayList<>();
        int replicas = settings.get(Keys.TOPICS_REPLICAS);
        if (replicas < COPIES) {
            found.add("topics.replicas (AUSPEX_TOPICS_REPLICAS): is " + replicas + ", expected " + COPIES
                    + " or more: with fewer copies a broker that is lost takes accepted predictions with it");
        }
        if (settings.find(Keys.SECRET).isEmpty()) {
            found.add("secret (AUSPEX_SECRET): missing, expected the same in every service: each would make its own"
                    + " and refuse the others' signatures");
        }
        if (settings.get(Keys.HTTP_TLS_DEVELOPMENT)) {
            found.add("http.tls.development (AUSPEX_HTTP_TLS_DEVELOPMENT): is true, expected a certificate in"
                    + " http.tls.certificate: the development authority's key lies in the data folder");
        }
        for (String range : settings.get(Keys.WEBHOOK_ALLOW)) {
            AddressGuard guard = AddressGuard.of(List.of(range));
            if (everyPort(guard, LOOPBACK_4) || everyPort(guard, LOOPBACK_6)) {
                found.add("webhook.allow (AUSPEX_WEBHOOK_ALLOW): '" + range + "' lets users' webhooks and downloads reach"
                        + " everything on this machine's loopback addresses; name a port to allow one service");
            } else if (everyPort(guard, METADATA)) {
                found.add("webhook.allow (AUSPEX_WEBHOOK_ALLOW): '" + range + "' lets users' webhooks and downloads reach"
                        + " the metadata address of clouds, which hands out credentials");
            }
        }
        return found;
    }

    // A range with a port permits that one only.
    private static boolean everyPort(AddressGuard guard, InetAddress address) {
        return guard.permits(address, 1) && guard.permits(address, 2);
    }
}
