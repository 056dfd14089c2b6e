package dev.auspex.dispatcher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GoneReceiversTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void shouldAskAgainWhenAnHourHasPassed() {
        GoneReceivers gone = new GoneReceivers(10);
        gone.add("a", NOW);
        assertThat(gone.contains("a", NOW.plus(Duration.ofMinutes(59)))).isTrue();
        assertThat(gone.contains("b", NOW)).isFalse();
        assertThat(gone.contains("a", NOW.plus(Duration.ofMinutes(60)))).isFalse();
    }

    @Test
    void shouldRememberOnlySoManyWhenManyAreGone() {
        GoneReceivers gone = new GoneReceivers(10);
        for (int i = 0; i < 100; i++) {
            gone.add("receiver " + i, NOW);
        }
        assertThat(gone.contains("receiver 89", NOW)).isFalse();
        assertThat(gone.contains("receiver 90", NOW)).isTrue();
    }
}
