package dev.auspex.router.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts fields one behind the other. One thread. */
final class FieldWriter {

    private static final int NONE = -1;

    private ByteBuffer buffer = ByteBuffer.allocate(2048);

    void one(byte value) {
        room(1).put(value);
    }

    void number(long value) {
        room(Long.BYTES).putLong(value);
    }

    void text(@Nullable String text) {
        block(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    void block(byte @Nullable [] block) {
        if (block == null) {
            room(Integer.BYTES).putInt(NONE);
        } else {
            room(Integer.BYTES + block.length).putInt(block.length).put(block);
        }
    }

    void time(@Nullable Instant time) {
        if (time == null) {
            room(Integer.BYTES).putInt(NONE);
        } else {
            room(Integer.BYTES + Long.BYTES).putInt(time.getNano()).putLong(time.getEpochSecond());
        }
    }

    byte[] bytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int needed = Math.max(buffer.capacity() * 2, buffer.position() + bytes + 64);
            buffer = ByteBuffer.allocate(needed).put(buffer.flip());
        }
        return buffer;
    }
}
