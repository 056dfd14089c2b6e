package dev.auspex.dispatcher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Pace pace = new Pace(10);

    @Test
    void shouldLetASecondsWorthThroughAtOnceAndThenKeepTheRate() {
        assertThat(through(NOW, 100)).isEqualTo(5);
        assertThat(through(NOW.plusMillis(199), 100)).isZero();
        assertThat(through(NOW.plusMillis(200), 100)).isOne();
        assertThat(through(NOW.plusSeconds(60), 100)).isEqualTo(5);
    }

    @Test
    void shouldTellEveryoneAnotherTimeWhenManyAreRefused() {
        through(NOW, 5);
        List<Instant> times = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            times.add(pace.ask("a", 5, NOW).orElseThrow());
        }
        for (int i = 0; i < 20; i++) {
            assertThat(times.get(i)).isEqualTo(NOW.plusSeconds(1).plus(Duration.ofMillis(200L * (i + 1))));
        }
        // Whoever comes back then finds room.
        for (Instant time : times) {
            assertThat(pace.ask("a", 5, time)).isEmpty();
        }
    }

    @Test
    void shouldNotMixNames() {
        through(NOW, 100);
        assertThat(pace.ask("b", 5, NOW)).isEqualTo(Optional.empty());
    }

    private int through(Instant now, int count) {
        int through = 0;
        for (int i = 0; i < count; i++) {
            through += pace.ask("a", 5, now).isEmpty() ? 1 : 0;
        }
        return through;
    }
}
