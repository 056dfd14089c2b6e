package dev.auspex.dispatcher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.domain.Circuits.Sign;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CircuitsTest {

    private static final Sign HEALTHY = new Sign.Healthy();
    private static final Sign FAILING = new Sign.Failing();
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Circuits circuits = new Circuits(1000);

    @Test
    void shouldStayClosedWhenFailuresAreNotInARow() {
        for (int i = 0; i < 100; i++) {
            request("a", i % Circuits.THRESHOLD == 0 ? HEALTHY : FAILING, NOW);
        }
        assertThat(circuits.closedUntil("a", NOW)).isEmpty();
    }

    @Test
    void shouldOpenForItAloneWhenAReceiverFailsInARow() {
        fail("a", NOW);
        assertThat(circuits.closedUntil("a", NOW)).contains(NOW.plusSeconds(5));
        assertThat(circuits.closedUntil("b", NOW)).isEmpty();
        assertThat(circuits.open()).isOne();
    }

    @Test
    void shouldLetOneProbeThroughAndWaitLongerEachTimeWhenItGoesOnFailing() {
        fail("a", NOW);
        Instant now = NOW;
        for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
            assertThat(circuits.closedUntil("a", now)).contains(now.plusSeconds(seconds));
            now = now.plusSeconds(seconds);
            assertThat(circuits.closedUntil("a", now)).isEmpty();
            circuits.begun("a");
            assertThat(circuits.closedUntil("a", now)).as("a second probe").contains(now);
            circuits.ended("a", FAILING, now);
        }
    }

    @Test
    void shouldLetTwiceAsManyThroughEachTimeWhenItAnswersAgain() {
        fail("a", NOW);
        Instant now = NOW.plusSeconds(5);
        request("a", HEALTHY, now);
        assertThat(begin("a", now)).isEqualTo(2);
        circuits.ended("a", HEALTHY, now);
        circuits.ended("a", HEALTHY, now);
        assertThat(begin("a", now)).isEqualTo(8);
        for (int i = 0; i < 8; i++) {
            circuits.ended("a", HEALTHY, now);
        }
        assertThat(circuits.closedUntil("a", now)).isEmpty();
        assertThat(circuits.open()).isZero();
    }

    @Test
    void shouldOpenAgainWhenItFailsWhileItRecovers() {
        fail("a", NOW);
        Instant now = NOW.plusSeconds(5);
        request("a", HEALTHY, now);
        request("a", FAILING, now);
        assertThat(circuits.closedUntil("a", now)).contains(now.plusSeconds(5));
    }

    @Test
    void shouldNotOpenForLongerWhenWhatWasUnderWayFailsToo() {
        for (int i = 0; i < 50; i++) {
            circuits.begun("a");
        }
        for (int i = 0; i < 50; i++) {
            circuits.ended("a", FAILING, NOW);
        }
        assertThat(circuits.closedUntil("a", NOW)).contains(NOW.plusSeconds(5));
    }

    @Test
    void shouldPauseAtOnceWhenAReceiverIsOverloaded() {
        request("a", new Sign.Overloaded(null), NOW);
        assertThat(circuits.closedUntil("a", NOW)).contains(NOW.plusSeconds(1));
        Instant now = NOW.plusSeconds(1);
        request("a", new Sign.Overloaded(null), now);
        assertThat(circuits.closedUntil("a", now)).contains(now.plusSeconds(2));
    }

    @Test
    void shouldPauseAsLongAsAskedWithinBoundsWhenAReceiverIsOverloaded() {
        request("a", new Sign.Overloaded(Duration.ofSeconds(90)), NOW);
        assertThat(circuits.closedUntil("a", NOW)).contains(NOW.plusSeconds(90));
        request("b", new Sign.Overloaded(Duration.ofDays(300)), NOW);
        assertThat(circuits.closedUntil("b", NOW)).contains(NOW.plus(Duration.ofHours(1)));
    }

    @Test
    void shouldRememberOnlySoManyWhenAllFail() {
        Circuits few = new Circuits(10);
        for (int i = 0; i < 1000; i++) {
            few.ended("receiver " + i, new Sign.Overloaded(null), NOW);
        }
        assertThat(few.open()).isEqualTo(10);
    }

    private void fail(String receiver, Instant now) {
        for (int i = 0; i < Circuits.THRESHOLD; i++) {
            request(receiver, FAILING, now);
        }
    }

    private void request(String receiver, Sign sign, Instant now) {
        circuits.begun(receiver);
        circuits.ended(receiver, sign, now);
    }

    private int begin(String receiver, Instant now) {
        int begun = 0;
        while (begun < 1000 && circuits.closedUntil(receiver, now).isEmpty()) {
            circuits.begun(receiver);
            begun++;
        }
        return begun;
    }
}
