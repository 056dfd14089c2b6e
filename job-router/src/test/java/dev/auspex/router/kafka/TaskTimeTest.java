package dev.auspex.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TaskTimeTest {

    private static final long START = 1_000_000;

    private final TaskTime time = new TaskTime(START);
    private long now = START;

    private void pass(long millis) {
        for (long end = now + millis; now < end; ) {
            now = Math.min(end, now + 100);
            time.passes(now);
        }
    }

    @Test
    void shouldBeCurrentOnlyAfterAWhileWhenTheTaskBegins() {
        assertThat(time.isCurrent(now)).isFalse();
        pass(2_000);
        assertThat(time.isCurrent(now)).isTrue();
    }

    @Test
    void shouldLeaveOutTheTimeOfAStall() {
        pass(5_000);
        long before = time.heardUntil(now);

        now += 30_000;
        time.passes(now);

        assertThat(time.heardUntil(now)).isEqualTo(before);
        assertThat(time.isCurrent(now)).isFalse();
        pass(2_000);
        assertThat(time.isCurrent(now)).isTrue();
        assertThat(time.heardUntil(now) - before).isLessThan(1_000);
    }

    @Test
    void shouldLeaveOutTheTimeInWhichItIsBehind() {
        pass(5_000);
        long before = time.heardUntil(now);
        for (int i = 0; i < 100; i++) {
            now += 100;
            time.read(now - 10_000, now);
        }

        assertThat(time.isCurrent(now)).isFalse();
        assertThat(time.heardUntil(now) - before).isLessThan(200);
    }

    @Test
    void shouldRunOnlyLikeTheClockWhenEverythingIsInOrder() {
        pass(5_000);
        long before = time.heardUntil(now);
        for (int i = 0; i < 50; i++) {
            now += 100;
            time.read(now - 50, now);
        }

        assertThat(time.isCurrent(now)).isTrue();
        assertThat(time.heardUntil(now) - before).isEqualTo(5_000);
    }

    @Test
    void shouldNotStopForEverWhenAClockIsAlwaysWrong() {
        for (int i = 0; i < 800; i++) {
            now += 100;
            time.read(now - 10_000, now);
        }

        assertThat(time.isCurrent(now)).isTrue();
    }
}
