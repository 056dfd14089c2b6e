package dev.auspex.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Finds text fields of a prediction's JSON by looking for {@code "name":"}: a parser would cost the driver more than the
 * rest of a request. Good for compact bodies whose input does not imitate the field.
 */
final class Body {

    static final byte[] ID = opening("id");
    static final byte[] STATUS = opening("status");
    static final byte[] CREATED_AT = opening("created_at");
    static final byte[] STARTED_AT = opening("started_at");
    static final byte[] COMPLETED_AT = opening("completed_at");

    private Body() {}

    private static byte[] opening(String field) {
        return ("\"" + field + "\":\"").getBytes(StandardCharsets.US_ASCII);
    }

    /** The text of the field; {@code null} if it is not there. */
    static @Nullable String text(byte[] body, byte[] opening) {
        int start = indexOf(body, opening);
        if (start < 0) {
            return null;
        }
        start += opening.length;
        int end = start;
        while (end < body.length && body[end] != '"') {
            end++;
        }
        return end == body.length ? null : new String(body, start, end - start, StandardCharsets.UTF_8);
    }

    /** The time in the field in microseconds since 1970; 0 if there is none. */
    static long micros(byte[] body, byte[] opening) {
        String text = text(body, opening);
        if (text == null) {
            return 0;
        }
        try {
            return micros(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return 0;
        }
    }

    /** Microseconds since 1970. */
    static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
    }

    /** Whether the bytes hold this text somewhere. */
    static boolean contains(byte[] body, byte[] text) {
        return indexOf(body, text) >= 0;
    }

    private static int indexOf(byte[] body, byte[] text) {
        byte first = text[0];
        for (int at = 0; at <= body.length - text.length; at++) {
            if (body[at] == first && matches(body, at, text)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] body, int at, byte[] text) {
        for (int i = 1; i < text.length; i++) {
            if (body[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
