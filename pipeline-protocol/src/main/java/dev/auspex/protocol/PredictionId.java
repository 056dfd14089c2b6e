package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Names one prediction: 26 lower-case characters, the Crockford base32 form of a UUIDv7 (RFC 9562 §5.7). Sorting ids as
 * text sorts predictions by creation time, to the millisecond. Immutable; safe for any thread.
 *
 * @param value exactly 26 characters of {@code 0-9a-z} without {@code i l o u}; the first is {@code 0} to {@code 7}
 */
public record PredictionId(@JsonValue String value) implements Comparable<PredictionId> {

    private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final byte[] VALUES = new byte[128];
    private static final int LENGTH = 26;

    static {
        java.util.Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < DIGITS.length; i++) {
            VALUES[DIGITS[i]] = (byte) i;
        }
    }

    /** @throws IllegalArgumentException if the text is not an id; {@link #isValid} asks without throwing */
    @JsonCreator
    public PredictionId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a prediction id: expected 26 base32 characters");
        }
    }

    /** Whether the text has the form of an id. Never throws. */
    public static boolean isValid(String text) {
        if (text.length() != LENGTH || text.charAt(0) > '7') {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            if (c >= 128 || VALUES[c] < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * A new id.
     *
     * @param now the creation time; kept to the millisecond
     * @param random 74 bits of it keep ids unguessable: pass a cryptographically strong source
     */
    public static PredictionId create(Instant now, RandomGenerator random) {
        return of(now, random.nextLong(), random.nextLong());
    }

    /**
     * An id that is computed and not drawn.
     *
     * @param time kept to the millisecond
     * @param hash 74 bits of it are used: at least 16 bytes of a keyed hash, so that the id cannot be guessed
     */
    public static PredictionId derived(Instant time, byte[] hash) {
        ByteBuffer bits = ByteBuffer.wrap(hash);
        return of(time, bits.getLong(), bits.getLong());
    }

    private static PredictionId of(Instant time, long first, long second) {
        long high = (time.toEpochMilli() << 16) | 0x7000L | (first & 0x0FFFL);
        long low = (second & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new PredictionId(encode(high, low));
    }

    /** The 128 bits that the text stands for. */
    public UUID toUuid() {
        long high = 0;
        long low = 0;
        for (int i = 0; i < LENGTH; i++) {
            high = (high << 5) | (low >>> 59);
            low = (low << 5) | VALUES[value.charAt(i)];
        }
        return new UUID(high, low);
    }

    /** The smallest id of a prediction created at or after the given time: a bound for range reads. */
    public static PredictionId lowerBound(Instant time) {
        return new PredictionId(encode(Math.max(0, time.toEpochMilli()) << 16, 0));
    }

    /** When the prediction was created, to the millisecond. */
    public Instant createdAt() {
        long millis = 0;
        for (int i = 0; i < 10; i++) {
            millis = (millis << 5) | VALUES[value.charAt(i)];
        }
        return Instant.ofEpochMilli(millis);
    }

    // 130 bits of text for 128 of value: the first digit carries the top three bits.
    private static String encode(long high, long low) {
        char[] text = new char[LENGTH];
        long h = high;
        long l = low;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS[(int) (l & 31)];
            l = (l >>> 5) | (h << 59);
            h >>>= 5;
        }
        return new String(text);
    }

    @Override
    public int compareTo(PredictionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
