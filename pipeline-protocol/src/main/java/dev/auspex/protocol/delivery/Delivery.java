package dev.auspex.protocol.delivery;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One webhook message and where it goes; the same for all of its attempts. The body travels beside it as it is.
 * Immutable; safe for any thread.
 *
 * @param id the {@code webhook-id}
 * @param prediction what it is about
 * @param account the owner, whose key signs it
 * @param event what it is news of
 * @param sequence the number of the snapshot it carries
 * @param url where it goes
 * @param createdAt when the snapshot was written
 * @param endpoint the registered endpoint it is for; {@code null} for the prediction's own webhook
 */
public record Delivery(
        MessageId id,
        PredictionId prediction,
        AccountId account,
        WebhookEvent event,
        long sequence,
        String url,
        Instant createdAt,
        @Nullable EndpointId endpoint) {

    /** The message about a snapshot; its id follows from the rest. */
    public static Delivery of(
            PredictionId prediction, AccountId account, WebhookEvent event, long sequence, String url, Instant createdAt) {
        return new Delivery(
                MessageId.of(prediction, event, sequence), prediction, account, event, sequence, url, createdAt,
                null);
    }

    /** The same message for a registered endpoint. */
    public Delivery to(WebhookEndpoint registered) {
        return new Delivery(
                MessageId.of(prediction, event, sequence, registered.id()), prediction, account, event, sequence,
                registered.target().url(), createdAt, registered.id());
    }

    /** The same message at the endpoint's address of today. */
    public Delivery at(String newUrl) {
        return newUrl.equals(url) ? this
                : new Delivery(id, prediction, account, event, sequence, newUrl, createdAt, endpoint);
    }
}
