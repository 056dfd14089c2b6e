package dev.auspex.protocol;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a prediction's events are sent. Immutable; safe for any thread.
 *
 * @param url an absolute http or https URL, already checked by the gateway
 * @param filter the filter as the client gave it, in the client's order; {@code null} when it gave none
 */
public record Webhook(String url, @Nullable List<WebhookEvent> filter) {

    /** Copies the filter. */
    public Webhook {
        filter = filter == null || filter.isEmpty() ? null : List.copyOf(filter);
    }

    /** The events to send, with the default applied. */
    public Set<WebhookEvent> events() {
        return filter == null ? WebhookEvent.DEFAULT : EnumSet.copyOf(filter);
    }
}
