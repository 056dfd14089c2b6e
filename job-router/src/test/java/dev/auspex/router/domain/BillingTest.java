package dev.auspex.router.domain;

import static dev.auspex.router.Samples.CREATED;
import static dev.auspex.router.Samples.event;
import static dev.auspex.router.Samples.id;
import static dev.auspex.router.Samples.job;
import static dev.auspex.router.Samples.reported;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.usage.AttemptUsage;
import dev.auspex.protocol.usage.Money;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Applied;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BillingTest {

    private static final Prices PRICES = new Prices(Map.of(new HardwareClass("cpu"), Money.of("0.001")));
    private static final PredictionId ID = id(1);
    private static final AttemptEvent.Started STARTED = new AttemptEvent.Started();

    /** What a life was charged, move by move. */
    private static List<AttemptUsage> usage(PredictionInput... inputs) {
        PredictionState state = PredictionState.NONE;
        List<AttemptUsage> used = new ArrayList<>();
        for (PredictionInput input : inputs) {
            if (PredictionLife.apply(state, input, Life.RETRIES) instanceof Applied applied) {
                used.addAll(Billing.ended(state, applied.state(), applied.effects(), PRICES));
                state = applied.state();
            }
        }
        return used;
    }

    private static PredictionInput accepted() {
        return new PredictionInput.JobAccepted(job(ID, null));
    }

    private static PredictionInput said(int attempt, int worker, int round, long second, AttemptEvent.Body body) {
        return reported(event(ID, attempt, worker, round, second, body));
    }

    private static Instant at(long second) {
        return CREATED.plusSeconds(second);
    }

    private static Duration billed(List<AttemptUsage> used) {
        return used.stream().map(each -> each.charge().time()).reduce(Duration.ZERO, Duration::plus);
    }

    private static List<AttemptOutcome> outcomes(List<AttemptUsage> used) {
        return used.stream().map(each -> each.run().outcome()).toList();
    }

    @Test
    void shouldChargeThePredictTimeWhenAnAttemptSucceeds() {
        List<AttemptUsage> used = usage(
                accepted(), said(1, 1, 0, 2, STARTED), said(1, 1, 0, 4, Samples.succeeded(at(2), "done")),
                said(1, 1, 0, 5, Samples.succeeded(at(2), "said again")));

        assertThat(used).hasSize(1);
        AttemptUsage one = used.getFirst();
        assertThat(one.run().time()).isEqualTo(Duration.ofSeconds(2));
        assertThat(one.charge().time()).as("1.5 s were measured").isEqualTo(Duration.ofMillis(1500));
        assertThat(one.charge().cost()).isEqualTo(Money.of("0.0015"));
        assertThat(one.row().key().day()).hasToString("2026-03-01");
    }

    @Test
    void shouldChargeFailuresOfTheModelAndCancelsWhenTheyRan() {
        assertThat(billed(usage(accepted(), said(1, 1, 0, 2, STARTED), said(1, 1, 0, 3, Samples.failed(at(2), "no")))))
                .isEqualTo(Duration.ofMillis(250));
        assertThat(billed(usage(
                        accepted(), said(1, 1, 0, 2, STARTED), new PredictionInput.CancelRequested(at(2)),
                        said(1, 1, 0, 3, Samples.canceled(at(2))))))
                .isEqualTo(Duration.ofMillis(500));
        assertThat(usage(accepted(), new PredictionInput.CancelRequested(at(2)))).as("it never ran").isEmpty();
    }

    @Test
    void shouldChargeOnlyTheLastWhenThePlatformHadToTryAgain() {
        List<AttemptUsage> used = usage(
                accepted(), said(1, 1, 0, 2, STARTED), said(1, 1, 0, 9, Samples.brokenDown(at(2), "out of memory")),
                new PredictionInput.TimerFired(at(15)), // the pause before the retry is over
                said(2, 2, 1, 16, STARTED), said(2, 2, 1, 17, new AttemptEvent.Returned()),
                said(3, 2, 2, 18, STARTED), said(3, 2, 2, 20, Samples.succeeded(at(18), "done")));

        assertThat(outcomes(used))
                .containsExactly(AttemptOutcome.FAILED, AttemptOutcome.RETURNED, AttemptOutcome.SUCCEEDED);
        assertThat(used).extracting(each -> each.charge().time())
                .containsExactly(Duration.ZERO, Duration.ZERO, Duration.ofMillis(1500));
        assertThat(used.getFirst().run().time()).as("it is in the books all the same").isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void shouldChargeNothingWhenThePlatformGivesThePredictionUp() {
        List<AttemptUsage> used = usage(
                accepted(), said(1, 1, 0, 2, STARTED), said(1, 1, 0, 3, Samples.workerLost(at(2), "gone")),
                said(2, 2, 1, 4, STARTED), said(2, 2, 1, 6, Samples.workerLost(at(4), "gone, too")));

        assertThat(used).hasSize(2);
        assertThat(billed(used)).isZero();
    }

    @Test
    void shouldChargeOnceWhenAnAttemptThatWasGivenUpEndsFirstAfterAll() {
        List<AttemptUsage> used = usage(
                accepted(), said(1, 1, 0, 2, STARTED),
                new PredictionInput.AttemptSilent(Samples.attempt(1), at(20)),
                said(2, 2, 1, 21, STARTED), said(1, 1, 0, 22, Samples.succeeded(at(2), "done")),
                said(2, 2, 1, 23, Samples.succeeded(at(21), "in vain")));

        assertThat(outcomes(used)).containsExactly(
                AttemptOutcome.LOST, AttemptOutcome.SUCCEEDED, AttemptOutcome.CANCELED);
        assertThat(used).extracting(each -> each.charge().time())
                .containsExactly(Duration.ZERO, Duration.ofMillis(1500), Duration.ZERO);
    }

    @Test
    void shouldChargeWhatRanBeforeTheJobWasKnownWhenItComesLast() {
        assertThat(billed(usage(
                        said(1, 1, 0, 2, STARTED), said(1, 1, 0, 4, Samples.succeeded(at(2), "done")), accepted())))
                .isEqualTo(Duration.ofMillis(1500));
    }
}
