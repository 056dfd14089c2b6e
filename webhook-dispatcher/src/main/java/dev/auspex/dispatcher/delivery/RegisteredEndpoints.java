package dev.auspex.dispatcher.delivery;

import dev.auspex.dispatcher.domain.Pace;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Asks a message's registered endpoint, if it has one: whether it still is there, its state, its rate. One event loop. */
final class RegisteredEndpoints {

    private static final int MOST_PACED = 50_000;
    /** How often a message for a paused endpoint looks whether it is active again. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Endpoints endpoints;
    private final Pace pace = new Pace(MOST_PACED);

    RegisteredEndpoints(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    Standing standing(Delivery delivery, Instant now) {
        if (delivery.endpoint() == null) {
            return new Standing.Ready(delivery, null);
        }
        WebhookEndpoint endpoint = endpoints.find(delivery.account(), delivery.endpoint());
        if (endpoint == null) {
            return new Standing.Over("the endpoint was removed");
        }
        return switch (endpoint.state()) {
            case ACTIVE -> paced(delivery, endpoint, now);
            case PAUSED -> new Standing.Later("the endpoint is paused", now.plus(PAUSE));
            case DISABLED -> new Standing.Over("the endpoint is disabled");
        };
    }

    /** It answered 410. */
    void gone(WebhookEndpoint endpoint) {
        endpoints.disable(endpoint, "it answered 410");
    }

    private Standing paced(Delivery delivery, WebhookEndpoint endpoint, Instant now) {
        Integer rate = endpoint.target().rate();
        Optional<Instant> later = rate == null
                ? Optional.empty() : pace.ask(endpoint.id().value(), rate, now);
        return later.isEmpty()
                ? new Standing.Ready(delivery.at(endpoint.target().url()), endpoint)
                : new Standing.Later("the endpoint's rate is used up", later.get());
    }
}
