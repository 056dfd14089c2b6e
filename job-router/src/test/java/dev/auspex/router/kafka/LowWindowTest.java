package dev.auspex.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LowWindowTest {

    private final LowWindow window = new LowWindow(0);
    private long now;

    private int enter() {
        int entered = 0;
        while (entered < 10_000 && window.enter(now)) {
            entered++;
        }
        return entered;
    }

    private void pass() {
        now += LowWindow.PERIOD.toNanos();
    }

    @Test
    void shouldLetThroughTheNextWhenOneHasBeenStarted() {
        window.count(10, 0);

        assertThat(enter()).isEqualTo(1);
        window.started();
        assertThat(enter()).isEqualTo(1);
        assertThat(window.held()).isEqualTo(8);
    }

    @Test
    void shouldGrowWhenTheQueueRunsEmptyAndOnlyThen() {
        window.count(100_000, 0);
        for (int expected = 1; expected <= LowWindow.LARGEST; expected *= 2) {
            assertThat(enter()).isEqualTo(expected);
            for (int i = 0; i < expected; i++) {
                window.started();
            }
            pass();
        }
        assertThat(enter()).as("it does not grow for ever").isEqualTo(LowWindow.LARGEST);
        window.started();
        pass();
        assertThat(window.size()).isEqualTo(LowWindow.LARGEST);
    }

    @Test
    void shouldShrinkWhenMoreStandInTheQueueThanAreStarted() {
        window.count(100, 0);
        for (int i = 0; i < 5; i++) {
            pass();
            for (int entered = enter(); entered > 0; entered--) {
                window.started();
            }
        }
        pass();
        int ahead = enter();
        assertThat(ahead).isGreaterThan(8);

        for (int i = 0; i < 10; i++) {
            pass();
            assertThat(enter()).as("slow jobs: those let through before come first").isZero();
        }
        assertThat(window.size()).isEqualTo(LowWindow.SMALLEST);
        for (int i = 0; i < ahead; i++) {
            window.started();
            assertThat(window.enter(now)).isEqualTo(i == ahead - 1);
        }
    }
}
