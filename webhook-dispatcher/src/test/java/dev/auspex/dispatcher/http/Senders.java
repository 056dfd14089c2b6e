package dev.auspex.dispatcher.http;

import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.net.AddressGuard;
import dev.auspex.runtime.net.Egress;
import dev.auspex.runtime.security.MasterSecret;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Senders with a resolver and certificates of the test's own. */
final class Senders {

    static final MasterSecret SECRET = new MasterSecret(new Secret("t".repeat(32)));
    private static final int PER_HOST = 8;

    private Senders() {}

    /** @param trust which certificates count; {@code null} for the platform's */
    static WebhookSender sender(
            Vertx vertx, AddressGuard guard, AddressBook.Resolver resolver, @Nullable TrustOptions trust) {
        return sender(vertx, new Egress(guard, null), resolver, trust);
    }

    /** The same, perhaps through a proxy. */
    static WebhookSender sender(
            Vertx vertx, Egress egress, AddressBook.Resolver resolver, @Nullable TrustOptions trust) {
        return new WebhookSender(
                vertx.getOrCreateContext(),
                new Connections(vertx, Clock.systemUTC(), PER_HOST, trust),
                egress,
                Credentials.of(SECRET),
                resolver);
    }
}
