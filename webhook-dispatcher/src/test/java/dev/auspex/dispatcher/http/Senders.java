package dev.auspex.dispatcher.http;

import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.net.AddressGuard;
import dev.auspex.runtime.security.MasterSecret;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Senders with a resolver and certificates of the test's own. */
final class Senders {

    private static final int PER_HOST = 8;

    private Senders() {}

    /** @param trust which certificates count; {@code null} for the platform's */
    static WebhookSender sender(
            Vertx vertx, AddressGuard guard, AddressBook.Resolver resolver, @Nullable TrustOptions trust) {
        return new WebhookSender(
                vertx.getOrCreateContext(),
                new Connections(vertx, Clock.systemUTC(), PER_HOST, trust),
                guard,
                new Signer(account -> new byte[24], new EndpointKeys(new MasterSecret(new Secret("t".repeat(32))))),
                resolver);
    }
}
