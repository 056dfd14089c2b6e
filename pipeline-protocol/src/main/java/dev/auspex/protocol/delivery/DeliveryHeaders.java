package dev.auspex.protocol.delivery;

import dev.auspex.protocol.json.JsonSerde;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The one header of {@code deliveries} and {@code delivery-results} records, as JSON. The value stays free for the body,
 * which has to arrive byte for byte. Safe for any thread.
 */
public final class DeliveryHeaders {

    private static final String ORDER = "order";
    private static final String RESULT = "result";
    private static final JsonSerde<DeliveryOrder> ORDER_JSON = new JsonSerde<>(DeliveryOrder.class);
    private static final JsonSerde<DeliveryResult> RESULT_JSON = new JsonSerde<>(DeliveryResult.class);

    private DeliveryHeaders() {}

    /** Adds it to a record of {@code deliveries}. */
    public static void write(DeliveryOrder order, Headers headers) {
        headers.add(ORDER, ORDER_JSON.serialize(order));
    }

    /** Adds it to a record of {@code delivery-results}. */
    public static void write(DeliveryResult result, Headers headers) {
        headers.add(RESULT, RESULT_JSON.serialize(result));
    }

    /** @throws SerializationException if the header is missing or not readable */
    public static DeliveryOrder readOrder(Headers headers) {
        return ORDER_JSON.deserialize(required(headers, ORDER));
    }

    /** @throws SerializationException if the header is missing or not readable */
    public static DeliveryResult readResult(Headers headers) {
        return RESULT_JSON.deserialize(required(headers, RESULT));
    }

    /** A result as it travels, to be kept as it is. @throws SerializationException if there is none */
    public static byte[] resultBytes(Headers headers) {
        return required(headers, RESULT);
    }

    private static byte[] required(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null) {
            throw new SerializationException("record without header " + name);
        }
        return header.value();
    }
}
