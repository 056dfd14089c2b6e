package dev.auspex.gateway.files;

import dev.auspex.protocol.command.Command.ClaimKey;
import io.vertx.core.Future;
import java.time.Duration;

/** What uploads need of the claims on idempotency keys. Event loop only. */
public interface Claims {

    /** Writes a claim and tells whose was the first. Fails with an {@code ApiException} if that cannot be known now. */
    Future<ClaimKey> winner(ClaimKey mine);

    /** How long a claim holds. */
    Duration kept();
}
