package dev.auspex.router.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads what {@link FieldWriter} wrote, in the same order. One thread. */
final class FieldReader {

    private final ByteBuffer buffer;

    FieldReader(byte[] bytes) {
        this.buffer = ByteBuffer.wrap(bytes);
    }

    byte one() {
        return buffer.get();
    }

    long number() {
        return buffer.getLong();
    }

    @Nullable String text() {
        byte[] block = block();
        return block == null ? null : new String(block, StandardCharsets.UTF_8);
    }

    String requiredText() {
        return new String(requiredBlock(), StandardCharsets.UTF_8);
    }

    byte @Nullable [] block() {
        int length = buffer.getInt();
        if (length < 0) {
            return null;
        }
        byte[] block = new byte[length];
        buffer.get(block);
        return block;
    }

    byte[] requiredBlock() {
        byte[] block = block();
        if (block == null) {
            throw new IllegalStateException("stored state without a required field");
        }
        return block;
    }

    @Nullable Instant time() {
        int nano = buffer.getInt();
        return nano < 0 ? null : Instant.ofEpochSecond(buffer.getLong(), nano);
    }

    Instant requiredTime() {
        Instant time = time();
        if (time == null) {
            throw new IllegalStateException("stored state without a required time");
        }
        return time;
    }
}
