package dev.auspex.router.domain;

import static dev.auspex.router.Samples.CREATED;
import static dev.auspex.router.Samples.brokenDown;
import static dev.auspex.router.Samples.output;
import static dev.auspex.router.Samples.reported;
import static dev.auspex.router.Samples.succeeded;
import static dev.auspex.router.Samples.workerLost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Effect;
import dev.auspex.router.domain.Decision.Reason;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What follows when an attempt ends without ending its prediction. */
class RoundsTest {

    private static final PredictionId ID = Samples.id(1);
    private static final Instant STARTED = CREATED.plusSeconds(2);
    private static final PredictionInput JOB = new PredictionInput.JobAccepted(Samples.job(ID, null));
    private static final PredictionInput CANCEL = new PredictionInput.CancelRequested(CREATED.plusSeconds(3));

    private static PredictionInput accepted(int attempts, @Nullable Duration queue, boolean retryModelErrors) {
        return new PredictionInput.JobAccepted(
                Samples.limited(ID, null, new JobLimits(attempts, queue, null, retryModelErrors)));
    }

    private static PredictionInput of(int attempt, int round, long seconds, AttemptEvent.Body body) {
        return reported(Samples.event(ID, attempt, attempt, round, seconds, body));
    }

    private static PredictionInput start(int attempt, int round) {
        return of(attempt, round, 2L + round * 10, new AttemptEvent.Started());
    }

    private static PredictionInput redelivered(int reporter, int round) {
        return of(reporter, round, 5L + round * 10, new AttemptEvent.Redelivered(2));
    }

    private static PredictionInput silent(int attempt, long seconds) {
        return new PredictionInput.AttemptSilent(Samples.attempt(attempt), CREATED.plusSeconds(seconds));
    }

    private static PredictionInput timer(Instant now) {
        return new PredictionInput.TimerFired(now);
    }

    @Test
    void shouldWaitAndTryAgainWhenThePlatformFailed() {
        Life life = Life.of(JOB, start(1, 0), of(1, 0, 3, output(0, "a")), of(1, 0, 4, brokenDown(STARTED, "no memory")));

        assertThat(life.known().status()).isEqualTo(PredictionStatus.STARTING);
        assertThat(life.known().result()).as("nothing of the failed attempt is shown").isEqualTo(Result.NONE);
        assertThat(life.queued()).isEmpty();
        Instant due = life.known().wakeAt();
        assertThat(Duration.between(CREATED.plusSeconds(4), due))
                .isBetween(Duration.ofMillis(800), Duration.ofMillis(1_200));

        life.then(timer(due.minusMillis(1)));
        assertThat(life.queued()).isEmpty();
        life.then(timer(due));

        assertThat(life.queued()).containsExactly(1);
        assertThat(life.known().wakeAt()).isNull();

        life.then(start(2, 1)).then(of(2, 1, 20, succeeded(CREATED.plusSeconds(12), "done")));

        assertThat(life.known().status()).isEqualTo(PredictionStatus.SUCCEEDED);
        assertThat(life.outcomes()).containsExactly(AttemptOutcome.FAILED, AttemptOutcome.SUCCEEDED);
        assertThat(life.known().attempts().newest().getFirst().error()).isEqualTo("no memory");
        assertThat(life.changes())
                .as("the start is announced once")
                .containsExactly(null, WebhookEvent.START, null, null, WebhookEvent.COMPLETED);
    }

    @Test
    void shouldFailAndBuryTheJobWhenNoAttemptIsLeft() {
        Life life = Life.of(accepted(2, null, false), of(1, 0, 4, brokenDown(null, "first")));
        life.then(timer(life.known().wakeAt())).then(of(2, 1, 10, brokenDown(null, "second")));

        assertThat(life.known().status()).isEqualTo(PredictionStatus.FAILED);
        assertThat(life.known().result().error()).isEqualTo("second");
        assertThat(life.queued()).containsExactly(1);
        DeadJob dead = ((Effect.Bury) life.effects().getLast()).dead();
        assertThat(dead.cause()).isEqualTo("second");
        assertThat(dead.job()).isEqualTo(life.known().job());
        assertThat(dead.attempts()).hasSize(2);
    }

    @Test
    void shouldRetryModelErrorsOnlyWhenTheModelSaysSo() {
        PredictionInput modelError = of(1, 0, 4, Samples.failed(STARTED, "boom"));

        assertThat(Life.of(JOB, modelError).known().status()).isEqualTo(PredictionStatus.FAILED);

        Life life = Life.of(accepted(2, null, true), modelError);
        assertThat(life.known().status()).isEqualTo(PredictionStatus.STARTING);
        life.then(timer(life.known().wakeAt())).then(of(2, 1, 10, Samples.failed(STARTED, "boom again")));
        assertThat(life.known().status()).isEqualTo(PredictionStatus.FAILED);
        assertThat(life.buried()).as("the model's own failures are no dead letters").isZero();
    }

    @Test
    void shouldTryAgainAtOnceWhenTheJobIsHandedOutAgain() {
        Life life = Life.of(JOB, start(1, 0), of(1, 0, 3, output(0, "a")), redelivered(2, 0), redelivered(3, 0));

        assertThat(life.queued()).as("once, whoever else says so").containsExactly(1);
        assertThat(life.refused()).containsExactly(Reason.OLDER_ATTEMPT);
        assertThat(life.outcomes()).containsExactly(AttemptOutcome.LOST);
        assertThat(life.known().attempts().running()).isEmpty();
        assertThat(life.known().result()).isEqualTo(Result.NONE);
    }

    @Test
    void shouldCountATryWhenAWorkerTookTheJobAndVanishedWithoutAWord() {
        Life life = Life.of(JOB, redelivered(1, 0), redelivered(2, 1), redelivered(3, 2));

        assertThat(life.queued()).containsExactly(1, 2);
        assertThat(life.known().status()).isEqualTo(PredictionStatus.FAILED);
        assertThat(life.buried()).isEqualTo(1);
    }

    @Test
    void shouldGoOnWhenTheWorkerThatRunsTheJobIsHandedItAgain() {
        Life life = Life.of(JOB, start(1, 0), reported(Samples.event(ID, 7, 1, 0, 5, new AttemptEvent.Redelivered(2))));

        assertThat(life.refused()).containsExactly(Reason.DUPLICATE);
        assertThat(life.known().attempts().current()).isEqualTo(Samples.attempt(1));
    }

    @Test
    void shouldTryAgainAtOnceWhenARunningAttemptIsSilent() {
        Life life = Life.of(JOB, start(1, 0), silent(2, 9));
        assertThat(life.refused()).containsExactly(Reason.OLDER_ATTEMPT);

        life.then(silent(1, 12)).then(redelivered(3, 0));

        assertThat(life.queued()).containsExactly(1);
        assertThat(life.outcomes()).containsExactly(AttemptOutcome.LOST);
        assertThat(life.known().attempts().newest().getFirst().endedAt()).isEqualTo(CREATED.plusSeconds(12));
    }

    @Test
    void shouldNotListenToAnAttemptOfAnOlderRoundUntilItEnds() {
        Life life = Life.of(
                JOB, start(1, 0), silent(1, 12), of(1, 0, 13, output(0, "old")), start(2, 1),
                of(1, 0, 21, output(0, "old")), of(1, 0, 22, brokenDown(STARTED, "old")), of(1, 0, 22, new AttemptEvent.Returned()),
                start(9, 0), redelivered(8, 0), of(2, 1, 23, output(0, "new")));

        assertThat(life.known().result().output()).hasToString("[\"new\"]");
        assertThat(life.known().attempts().current()).isEqualTo(Samples.attempt(2));
        assertThat(life.queued()).containsExactly(1);

        life.then(of(1, 0, 24, succeeded(STARTED, "old but first")));

        assertThat(life.known().result().output()).hasToString("\"old but first\"");
        assertThat(life.outcomes()).containsExactly(AttemptOutcome.SUCCEEDED, AttemptOutcome.CANCELED);
    }

    @Test
    void shouldBuryTheJobWhenItBringsDownTwoDifferentWorkers() {
        Life life = Life.of(
                accepted(100, null, false), start(1, 0), silent(1, 12), start(2, 1), of(2, 1, 14, workerLost(STARTED, "gone")));

        assertThat(life.known().status()).isEqualTo(PredictionStatus.FAILED);
        assertThat(life.known().result().error()).isEqualTo("gone");
        assertThat(((Effect.Bury) life.effects().getLast()).dead().cause()).isEqualTo(Rounds.WORKERS_LOST);
        assertThat(life.outcomes()).containsExactly(AttemptOutcome.LOST, AttemptOutcome.LOST);

        Life byRedelivery = Life.of(accepted(100, null, false), start(1, 0), redelivered(2, 0), start(2, 1), redelivered(3, 1));

        assertThat(byRedelivery.known().result().error()).isEqualTo(Rounds.WORKERS_LOST);
        assertThat(byRedelivery.buried()).isEqualTo(1);
        assertThat(byRedelivery.changes()).endsWith(WebhookEvent.COMPLETED);
    }

    @Test
    void shouldMarkTheJobWhenAWorkerWasLostWhileItRan() {
        Life unheard = Life.of(accepted(100, null, false), redelivered(1, 0));
        assertThat(unheard.known().jobAgain().suspect()).as("nobody knows that it ran").isFalse();

        Life lost = Life.of(accepted(100, null, false), start(1, 0), silent(1, 12));
        assertThat(lost.known().jobAgain().suspect()).isTrue();
        assertThat(((Effect.Requeue) lost.effects().getLast()).job().suspect()).isTrue();
    }

    @Test
    void shouldNotBlameTheJobWhenTheSameWorkerIsLostTwice() {
        PredictionInput again = reported(Samples.event(ID, 2, 1, 1, 14, workerLost(STARTED, "gone")));

        Life life = Life.of(JOB, start(1, 0), silent(1, 12), again);

        assertThat(life.known().status()).isEqualTo(PredictionStatus.STARTING);
        assertThat(life.queued()).as("a lost worker is no reason to wait").containsExactly(1, 2);
    }

    @Test
    void shouldNotCountWhenTheJobIsReturned() {
        Life life = Life.of(accepted(1, null, false));
        for (int round = 0; round < 40; round++) {
            life.then(start(round + 1, round)).then(of(round + 1, round, 5, new AttemptEvent.Returned()));
        }
        life.then(of(77, 40, 5, new AttemptEvent.Returned())).then(of(78, 40, 5, new AttemptEvent.Returned()));

        assertThat(life.queued()).hasSize(41).endsWith(40, 41);
        assertThat(life.known().attempts().tally().failures()).isZero();
        assertThat(life.known().attempts().tally().count()).isEqualTo(40);
        assertThat(life.known().attempts().newest()).hasSize(Attempts.MAX_REMEMBERED);
        assertThat(life.known().attempts().newest().getLast().number()).isEqualTo(40);
    }

    @Test
    void shouldBeCanceledAtOnceWhenNothingRunsAnyMore() {
        assertThat(Life.of(JOB, start(1, 0), CANCEL, silent(1, 12)).known().status())
                .isEqualTo(PredictionStatus.CANCELED);
        assertThat(Life.of(JOB, start(1, 0), CANCEL, redelivered(2, 0)).known().status())
                .isEqualTo(PredictionStatus.CANCELED);
        assertThat(Life.of(JOB, start(1, 0), CANCEL, of(1, 0, 5, new AttemptEvent.Returned())).known().status())
                .isEqualTo(PredictionStatus.CANCELED);
        Life failed = Life.of(JOB, start(1, 0), CANCEL, of(1, 0, 5, brokenDown(STARTED, "no memory")));
        assertThat(failed.known().status()).isEqualTo(PredictionStatus.CANCELED);
        assertThat(failed.known().result().error()).isNull();
        assertThat(failed.effects()).isEmpty();

        Life waiting = Life.of(JOB, start(1, 0), of(1, 0, 5, brokenDown(STARTED, "no memory")), CANCEL);
        assertThat(waiting.known().status()).isEqualTo(PredictionStatus.CANCELED);
        assertThat(waiting.known().wakeAt()).isNull();
        assertThat(waiting.then(timer(CREATED.plusSeconds(90))).effects()).isEmpty();
    }

    @Test
    void shouldNotStartTheRetryWhenAnOlderAttemptEndsFirst() {
        Life life = Life.of(
                JOB, start(1, 0), start(2, 0), of(2, 0, 5, brokenDown(STARTED, "no memory")),
                of(1, 0, 6, succeeded(STARTED, "still")));

        assertThat(life.known().status()).isEqualTo(PredictionStatus.SUCCEEDED);
        assertThat(life.then(timer(CREATED.plusSeconds(90))).effects()).isEmpty();
    }

    @Test
    void shouldAbortWhenItWaitedTooLong() {
        Life life = Life.of(accepted(3, Duration.ofSeconds(30), false));
        Instant wake = life.known().wakeAt();
        assertThat(wake).isAfterOrEqualTo(life.known().job().startBy());

        life.then(timer(wake));

        assertThat(life.known().status()).isEqualTo(PredictionStatus.ABORTED);
        assertThat(life.changes()).containsExactly(null, WebhookEvent.COMPLETED);
        assertThat(life.then(start(1, 0)).refused()).containsExactly(Reason.LATE);
    }

    @Test
    void shouldForgetTheQueueLimitOnceItWasStartedInTime() {
        PredictionInput started = reported(new AttemptEvent(
                ID, Samples.ACCOUNT, Samples.attempt(1), Samples.EXECUTOR, ID.createdAt().plusSeconds(5),
                new AttemptEvent.Started()));
        Life life = Life.of(accepted(3, Duration.ofSeconds(30), false), started);
        assertThat(life.known().wakeAt()).isNull();

        life.then(silent(1, 500));

        assertThat(life.known().wakeAt()).isNull();
        assertThat(((Effect.Requeue) life.effects().getLast()).job().startBy()).isNull();
        assertThat(Life.of(accepted(3, Duration.ofSeconds(30), false), of(1, 0, 4, brokenDown(null, "x")))
                        .known().startBy())
                .as("an attempt whose model did not begin is no start")
                .isNotNull();
    }

    @Test
    void shouldDoubleThePauseUpToAMinuteAndSpreadIt() {
        RetryPolicy policy = new RetryPolicy(Duration.ofSeconds(1));
        for (int failures = 1; failures < 100; failures++) {
            long expected = failures > 6 ? 60_000 : 1_000L << (failures - 1);
            assertThat(policy.after(failures, ID).toMillis()).isBetween(expected * 8 / 10, expected * 12 / 10);
            assertThat(policy.after(failures, ID)).isEqualTo(policy.after(failures, Samples.id(1)));
        }
        assertThat(java.util.stream.IntStream.range(0, 50).mapToObj(it -> policy.after(1, Samples.id(it))).distinct())
                .hasSizeGreaterThan(40);
    }
}
