package dev.auspex.dispatcher.delivery;

import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a message's endpoint says about sending it now. */
sealed interface Standing {

    /**
     * It may be sent.
     *
     * @param delivery with the address of today
     * @param endpoint the registered endpoint; {@code null} for a prediction's own webhook
     */
    record Ready(Delivery delivery, @Nullable WebhookEndpoint endpoint) implements Standing {}

    /** Not now. */
    record Later(String why, Instant notBefore) implements Standing {}

    /** Never. */
    record Over(String why) implements Standing {}
}
