package dev.auspex.router.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void shouldNeverPauseWhenThereIsNoRate() {
        Pace pace = new Pace(null, 0);
        pace.submitted(1_000_000, 0);

        assertThat(pace.batch()).isEqualTo(25_000);
        assertThat(pace.pause(0).isPositive()).isFalse();
    }

    @Test
    void shouldPauseForAsLongAsTheJobsTakeWhenThereIsARate() {
        Pace pace = new Pace(100.0, 0);

        assertThat(pace.batch()).isEqualTo(25);
        assertThat(pace.pause(0).isPositive()).isFalse();
        pace.submitted(25, 0);
        assertThat(pace.pause(SECOND / 10)).isEqualTo(Duration.ofMillis(150));
    }

    @Test
    void shouldNotMakeUpForAPauseWhenJobsWereFew() {
        Pace pace = new Pace(10.0, 0);
        pace.submitted(1, 0);
        pace.submitted(3, 60 * SECOND);

        assertThat(pace.pause(60 * SECOND)).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void shouldSubmitOneByOneWhenTheRateIsBelowOne() {
        Pace pace = new Pace(0.5, 0);
        pace.submitted(1, 0);

        assertThat(pace.batch()).isEqualTo(1);
        assertThat(pace.pause(0)).isEqualTo(Duration.ofSeconds(2));
    }
}
