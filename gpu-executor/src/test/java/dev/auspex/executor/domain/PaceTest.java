package dev.auspex.executor.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.executor.domain.Pace.Gear;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long QUICK = Duration.ofNanos(50_000).toNanos();
    private static final long CYCLE = Duration.ofMillis(1).toNanos();

    private final Pace pace = new Pace();

    @Test
    void shouldTakeBatchesWhenManyJobsInARowWereQuick() {
        assertThat(pace.gear()).isEqualTo(Gear.SINGLE);
        run(23, QUICK);
        assertThat(pace.wantsBatches()).isFalse();
        run(1, QUICK);
        assertThat(pace.wantsBatches()).isTrue();
        pace.shiftUp();
        assertThat(pace.gear()).isEqualTo(Gear.BATCH);
    }

    @Test
    void shouldWantBatchesAgainSoonWhenTheMachineOnlyStuttered() {
        run(100, QUICK);
        pace.shiftUp();
        pace.shiftDown();
        run(1, Duration.ofMillis(40).toNanos());
        assertThat(pace.wantsBatches()).isTrue();
    }

    @Test
    void shouldStayAtOneByOneWhenJobsTakeLong() {
        run(100, QUICK);
        run(1, Duration.ofSeconds(1).toNanos());
        assertThat(pace.wantsBatches()).isFalse();
        run(23, QUICK);
        assertThat(pace.wantsBatches()).isFalse();
    }

    @Test
    void shouldCountAJobAsQuickWhenItIsSmallBesideItsHandling() {
        for (int i = 0; i < 30; i++) {
            pace.ran(Duration.ofMillis(10).toNanos(), Duration.ofMillis(200).toNanos());
        }
        assertThat(pace.wantsBatches()).isTrue();
    }

    @Test
    void shouldShiftDownWhenIdle() {
        run(100, QUICK);
        pace.shiftUp();
        assertThat(pace.idleAt(0)).isFalse();
        assertThat(pace.idleAt(Duration.ofMillis(1900).toNanos())).isFalse();
        assertThat(pace.idleAt(Duration.ofMillis(2000).toNanos())).isTrue();
        assertThat(pace.gear()).isEqualTo(Gear.SINGLE);
        assertThat(pace.wantsBatches()).isFalse();
    }

    private void run(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            pace.ran(nanos, CYCLE);
        }
    }
}
