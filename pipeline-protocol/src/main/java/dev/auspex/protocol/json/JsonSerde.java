package dev.auspex.protocol.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A record type as compact JSON in Kafka values. Safe for any thread.
 *
 * @param <T> the record type
 */
public final class JsonSerde<T> implements Serde<T> {

    private final Class<T> type;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    /** A serde for one type. */
    public JsonSerde(Class<T> type) {
        this.type = type;
        // Kafka holds what we wrote ourselves: only documents of clients are searched for duplicate keys.
        this.reader = Json.readerFor(type).without(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
        this.writer = Json.writerFor(type);
    }

    /** The value's bytes. @throws SerializationException if it cannot be written */
    public byte[] serialize(T value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new SerializationException("cannot write " + type.getSimpleName(), e);
        }
    }

    /** @throws SerializationException if the bytes are not such a record; the message holds no part of them */
    public T deserialize(byte[] bytes) {
        try {
            return reader.readValue(bytes);
        } catch (IOException | IllegalArgumentException e) {
            throw new SerializationException("not a valid " + type.getSimpleName() + " record", e);
        }
    }

    @Override
    public Serializer<T> serializer() {
        return (topic, value) -> value == null ? null : serialize(value);
    }

    @Override
    public Deserializer<T> deserializer() {
        return (topic, bytes) -> bytes == null ? null : deserialize(bytes);
    }
}
