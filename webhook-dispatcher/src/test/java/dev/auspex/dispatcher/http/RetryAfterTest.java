package dev.auspex.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void shouldReadSecondsAndDates() {
        assertThat(RetryAfter.parse("120", NOW)).isEqualTo(Duration.ofMinutes(2));
        assertThat(RetryAfter.parse(" 0 ", NOW)).isZero();
        assertThat(RetryAfter.parse("Fri, 2 Jan 2026 03:05:05 GMT", NOW)).isEqualTo(Duration.ofMinutes(1));
        assertThat(RetryAfter.parse("Fri, 2 Jan 2026 03:00:00 GMT", NOW)).isZero();
        assertThat(RetryAfter.parse("99999999999999999999", NOW)).isEqualTo(Duration.ofDays(365));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "Fri, 99 Jan 2026 03:05:05 GMT"})
    void shouldIgnoreItWhenItCannotBeRead(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isNull();
    }
}
