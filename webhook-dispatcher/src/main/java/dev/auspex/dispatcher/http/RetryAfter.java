package dev.auspex.dispatcher.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Retry-After} header (RFC 9110 §10.2.3): seconds or a date. */
final class RetryAfter {

    private static final int LONGEST_NUMBER = 9;

    private RetryAfter() {}

    /** The pause it asks for, zero if the date is past; {@code null} if it is absent or not readable. */
    static @Nullable Duration parse(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        String text = header.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text.length() > LONGEST_NUMBER ? Duration.ofDays(365) : Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
