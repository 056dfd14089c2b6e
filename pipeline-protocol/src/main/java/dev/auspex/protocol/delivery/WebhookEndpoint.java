package dev.auspex.protocol.delivery;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.WebhookEvent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An address that is told about all predictions of an account, beside the address of each: value of a
 * {@code webhook-endpoints} record, by account and id. Immutable; safe for any thread.
 *
 * @param id its name
 * @param account whose predictions
 * @param target where and how
 * @param state whether it gets anything now
 * @param reason why it is disabled, if that was not asked for
 * @param signing with which keys
 * @param createdAt when it was registered
 * @param updatedAt when it was last changed
 */
public record WebhookEndpoint(
        EndpointId id,
        AccountId account,
        Target target,
        State state,
        @Nullable String reason,
        Signing signing,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * Where messages go.
     *
     * @param url an absolute http or https URL
     * @param description the owner's words
     * @param events what it is told of
     * @param headers sent with every message; values may be secret
     * @param rate messages per second at most; {@code null} for no limit
     * @param certificate shown to the receiver where it asks for one; {@code null} for none
     */
    public record Target(
            String url,
            @Nullable String description,
            List<WebhookEvent> events,
            Map<String, String> headers,
            @Nullable Integer rate,
            @Nullable ClientCertificate certificate) {

        /** Copies the collections. */
        public Target {
            events = List.copyOf(events);
            headers = Map.copyOf(headers);
        }
    }

    /** Whether an endpoint gets anything. */
    public enum State {
        /** Messages are sent. */
        ACTIVE,
        /** Messages wait, for a week at most, until it is active again. */
        PAUSED,
        /** Messages are not sent and not kept. */
        DISABLED;

        private final String wireName = name().toLowerCase(Locale.ROOT);

        /** The lower-case name used in JSON. */
        @JsonValue
        public String wireName() {
            return wireName;
        }
    }

    /**
     * With which keys messages are signed; the keys themselves are derived from the installation's secret.
     *
     * @param version counts the rotations of the secret, from 1
     * @param previousUntil until when the version before signs, too; {@code null} if there is none
     * @param asymmetric whether an Ed25519 signature ({@code v1a}) is added
     */
    public record Signing(int version, @Nullable Instant previousUntil, boolean asymmetric) {}

    /** The record key. */
    public String key() {
        return account + "/" + id;
    }
}
