package dev.auspex.protocol.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What was seen of one request to a receiver, for the delivery log. Phases that were not reached, or needed no time because
 * a connection was kept, are absent.
 *
 * @param address the address that was connected to; {@code null} if it did not come to that
 * @param resolveMillis how long the name took to look up
 * @param connectMillis how long a new connection took; behind a proxy, the one to the proxy
 * @param tlsMillis how long its TLS handshake took after that; behind a proxy, with its {@code CONNECT}
 * @param firstByteMillis from the request to the beginning of the answer
 * @param response the beginning of the answer's body, at most 16 KiB, with everything secret left out
 */
public record DeliveryTrace(
        @Nullable String address,
        @Nullable Long resolveMillis,
        @Nullable Long connectMillis,
        @Nullable Long tlsMillis,
        @Nullable Long firstByteMillis,
        @Nullable String response) {

    /** How much of an answer is read and kept, in bytes. */
    public static final int MOST_RESPONSE_BYTES = 16 * 1024;

    /** Nothing was seen. */
    public static final DeliveryTrace NONE = new DeliveryTrace(null, null, null, null, null, null);
}
