package dev.auspex.dispatcher.delivery;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The registered endpoints as they are now. Safe for any thread; never blocks. */
public interface Endpoints {

    /** Those of an account. */
    Collection<WebhookEndpoint> of(AccountId account);

    /** One of an account; {@code null} if there is none (any more). */
    @Nullable WebhookEndpoint find(AccountId account, EndpointId id);

    /** Disables one, some time soon. @param reason for its owner */
    void disable(WebhookEndpoint endpoint, String reason);
}
