package dev.auspex.dispatcher.domain;

import static dev.auspex.dispatcher.domain.Admission.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.auspex.dispatcher.domain.Admission.Ending;
import dev.auspex.dispatcher.domain.Admission.Moved;
import dev.auspex.dispatcher.domain.Admission.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    @Test
    void shouldLetAHostHaveMoreWhenItAnswers() {
        Admission<Integer> admission = new Admission<>(1000, 64);
        assertThat(askAll(admission, "a", 20)).isEqualTo(8);
        assertThat(admission.done("a", Ending.GOOD)).hasSize(2); // the one that ended and one more
        for (int i = 0; i < 200; i++) {
            admission.done("a", Ending.GOOD);
            admission.ask("a", i);
        }
        assertThat(admission.underWay()).isLessThanOrEqualTo(64);
        assertThat(askAll(admission, "a", 100)).isPositive();
        assertThat(admission.underWay()).isEqualTo(64);
    }

    @Test
    void shouldRefuseWhatWaitsWhenTheHostIsSilent() {
        Admission<Integer> admission = new Admission<>(1000, 64);
        askAll(admission, "silent", 20);
        for (int i = 0; i < PATIENCE; i++) {
            assertThat(admission.sweep().refuse()).isEmpty();
        }
        assertThat(admission.sweep().refuse()).hasSize(12);
        assertThat(admission.ask("silent", 99)).isEqualTo(Verdict.REFUSE);
        assertThat(admission.ask("other", 99)).isEqualTo(Verdict.START);
    }

    @Test
    void shouldSayForHowLongAHostHasBeenSilent() {
        Admission<Integer> admission = new Admission<>(1000, 64);
        askAll(admission, "a", 8);
        assertThat(admission.silence("a")).isZero();
        sweepUntilSilent(admission);
        assertThat(admission.silence("a")).isEqualTo(PATIENCE + 1);
        for (int i = 0; i < 8; i++) {
            admission.done("a", Ending.SILENT);
        }
        admission.ask("a", 9); // a probe is no sign of life
        for (int i = 0; i < 100; i++) {
            admission.sweep();
        }
        assertThat(admission.silence("a")).isEqualTo(PATIENCE + 101);
        admission.done("a", Ending.QUICK);
        assertThat(admission.silence("a")).isZero();
        assertThat(admission.silence("unknown")).isZero();
    }

    @Test
    void shouldNotCountSilentHostsAgainstTheOthersWhenTheyHoldEverything() {
        Admission<Integer> admission = new Admission<>(16, 8);
        assertThat(askAll(admission, "silent 1", 8)).isEqualTo(8);
        assertThat(askAll(admission, "silent 2", 8)).isEqualTo(8);
        assertThat(askAll(admission, "healthy", 3)).isZero();
        Moved<Integer> moved = sweepUntilSilent(admission);
        assertThat(moved.start()).hasSize(3);
        assertThat(admission.underWay()).isEqualTo(19);
    }

    @Test
    void shouldBoundWhatHangsWhenManyHostsAreSilent() {
        Admission<Integer> admission = new Admission<>(16, 8);
        for (int round = 0; round < 10; round++) {
            askAll(admission, "silent " + round, 8);
            sweepUntilSilent(admission);
        }
        assertThat(admission.underWay()).isEqualTo(32);
        assertThat(admission.ask("silent 0", 1)).isEqualTo(Verdict.REFUSE);
    }

    @Test
    void shouldProbeWithOneAndRecoverWhenASilentHostComesBack() {
        Admission<Integer> admission = new Admission<>(1000, 64);
        askAll(admission, "a", 8);
        sweepUntilSilent(admission);
        for (int i = 0; i < 8; i++) {
            admission.done("a", Ending.SILENT);
        }
        assertThat(askAll(admission, "a", 5)).isEqualTo(1);
        admission.done("a", Ending.GOOD);
        assertThat(askAll(admission, "a", 5)).isEqualTo(2);
        admission.done("a", Ending.GOOD);
        assertThat(admission.underWay()).isEqualTo(3);
    }

    @Test
    void shouldKeepTheLimitWhenAHostRefusesQuickly() {
        Admission<Integer> admission = new Admission<>(1000, 64);
        askAll(admission, "a", 8);
        for (int i = 0; i < 8; i++) {
            admission.done("a", Ending.QUICK);
        }
        assertThat(askAll(admission, "a", 20)).isEqualTo(8);
    }

    @Test
    void shouldServeHostsInTurnWhenTheyWaitForTheLimitOfAll() {
        Admission<String> admission = new Admission<>(2, 8);
        admission.ask("x", "x1");
        admission.ask("x", "x2");
        for (int i = 0; i < 3; i++) {
            admission.ask("a", "a" + i);
        }
        admission.ask("b", "b0");
        List<String> started = new ArrayList<>(admission.done("x", Ending.GOOD));
        started.addAll(admission.done("x", Ending.GOOD));
        assertThat(started).containsExactly("a0", "b0");
        assertThat(admission.done("a", Ending.GOOD)).containsExactly("a1");
    }

    @Test
    void shouldLeaveRoomForTheNextHostWhenManyWait() {
        Admission<Integer> admission = new Admission<>(10, 1); // room for 80 to wait
        for (String host : List.of("a", "b", "c")) {
            assertThat(admission.ask(host, 0)).isEqualTo(Verdict.START);
        }
        assertThat(fill(admission, "a")).isEqualTo(40);
        assertThat(fill(admission, "b")).isEqualTo(20);
        assertThat(fill(admission, "c")).isEqualTo(10);
        admission.done("a", Ending.GOOD);
        assertThat(fill(admission, "c")).isOne();
        assertThat(admission.drain()).hasSize(70);
        assertThat(fill(admission, "b")).isEqualTo(40);
    }

    private static int fill(Admission<Integer> admission, String host) {
        int waiting = 0;
        while (admission.ask(host, 0) == Verdict.WAIT) {
            waiting++;
        }
        return waiting;
    }

    @Test
    void shouldForgetAHostWhenNothingWentThereForLong() {
        Admission<Integer> admission = new Admission<>(10, 2);
        admission.ask("a", 1);
        admission.done("a", Ending.GOOD);
        for (int i = 0; i < 301; i++) {
            admission.sweep();
        }
        assertThat(admission.hosts()).isZero();
    }

    @Test
    void shouldGiveBackWhatWaitsWhenDrained() {
        Admission<Integer> admission = new Admission<>(1000, 64);
        askAll(admission, "a", 20);
        assertThat(admission.drain()).hasSize(12);
        assertThat(admission.done("a", Ending.GOOD)).isEmpty();
    }

    @Test
    void shouldComplainWhenMoreEndsThanBegan() {
        Admission<Integer> admission = new Admission<>(1, 1);
        assertThatIllegalStateException().isThrownBy(() -> admission.done("a", Ending.GOOD));
    }

    private static int askAll(Admission<Integer> admission, String host, int count) {
        int started = 0;
        for (int i = 0; i < count; i++) {
            started += admission.ask(host, i) == Verdict.START ? 1 : 0;
        }
        return started;
    }

    private static Moved<Integer> sweepUntilSilent(Admission<Integer> admission) {
        Moved<Integer> moved = admission.sweep();
        for (int i = 0; i < PATIENCE; i++) {
            moved = admission.sweep();
        }
        return moved;
    }
}
