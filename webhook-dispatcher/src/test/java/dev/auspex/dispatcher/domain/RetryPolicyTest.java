package dev.auspex.dispatcher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.domain.AttemptOutcome.Answered;
import dev.auspex.dispatcher.domain.AttemptOutcome.NotAnswered;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final List<Duration> SCHEDULE = List.of(
            Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofHours(24));

    @Test
    void shouldWaitTheScheduledPauseGiveOrTakeAFifthWhenCompletedFails() {
        assertThat(pause(0.0, 1, answered(500, null))).isEqualTo(Duration.ofSeconds(4));
        assertThat(pause(0.5, 1, answered(500, null))).isEqualTo(Duration.ofSeconds(5));
        assertThat(pause(0.999_999, 1, answered(500, null))).isEqualTo(Duration.ofSeconds(6));
        assertThat(pause(0.5, 2, answered(500, null))).isEqualTo(Duration.ofSeconds(30));
        assertThat(pause(0.5, 5, answered(500, null))).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void shouldEndWhenTheScheduleIsOver() {
        assertThat(policy(0.5).next(WebhookEvent.COMPLETED, 5, answered(500, null), NOW)).isPresent();
        assertThat(policy(0.5).next(WebhookEvent.COMPLETED, 6, answered(500, null), NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 299, 410})
    void shouldEndWhenTheStatusSettlesIt(int status) {
        assertThat(policy(0.5).next(WebhookEvent.COMPLETED, 1, answered(status, null), NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 199, 300, 301, 302, 307, 308, 400, 404, 429, 500, 503})
    void shouldGoOnWhenTheStatusIsAnyOther(int status) {
        assertThat(policy(0.5).next(WebhookEvent.COMPLETED, 1, answered(status, null), NOW)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(value = Outcome.class, names = {"TIMED_OUT", "UNRESOLVED", "UNREACHABLE"})
    void shouldGoOnWhenThereWasNoAnswer(Outcome outcome) {
        assertThat(policy(0.5).next(WebhookEvent.COMPLETED, 1, new NotAnswered(outcome, "x"), NOW)).isPresent();
    }

    @Test
    void shouldEndWhenTheAddressIsForbidden() {
        assertThat(policy(0.5).next(WebhookEvent.COMPLETED, 1, new NotAnswered(Outcome.FORBIDDEN, "x"), NOW)).isEmpty();
        assertThat(policy(0.5).next(WebhookEvent.COMPLETED, 1, new NotAnswered(Outcome.GONE, "x"), NOW)).isEmpty();
    }

    @Test
    void shouldRetryStartThreeTimesAndIntermediateOnesNever() {
        assertThat(policy(0.5).next(WebhookEvent.START, 3, answered(500, null), NOW)).isPresent();
        assertThat(policy(0.5).next(WebhookEvent.START, 4, answered(500, null), NOW)).isEmpty();
        assertThat(policy(0.5).next(WebhookEvent.OUTPUT, 1, answered(500, null), NOW)).isEmpty();
        assertThat(policy(0.5).next(WebhookEvent.LOGS, 1, answered(500, null), NOW)).isEmpty();
    }

    @Test
    void shouldTakeRetryAfterAsALowerBoundWhenItIsLonger() {
        assertThat(pause(0.0, 1, answered(429, Duration.ofSeconds(60)))).isEqualTo(Duration.ofSeconds(60));
        assertThat(pause(0.999_999, 1, answered(503, Duration.ofSeconds(60)))).isEqualTo(Duration.ofSeconds(72));
    }

    @Test
    void shouldKeepTheScheduleWhenRetryAfterIsShorter() {
        assertThat(pause(0.5, 1, answered(429, Duration.ZERO))).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void shouldWaitADayAtMostWhenRetryAfterAsksForMore() {
        assertThat(pause(0.0, 1, answered(429, Duration.ofDays(300)))).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void shouldComeBackLaterEachTimeWhenAMessageIsPutOff() {
        assertThat(postponed(0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(postponed(1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(postponed(7)).isEqualTo(Duration.ofSeconds(128));
        assertThat(postponed(1000)).isEqualTo(Duration.ofSeconds(128));
    }

    @Test
    void shouldNotComeBackBeforeTheReceiverWantsItWhenAMessageIsPutOff() {
        Instant free = NOW.plusSeconds(40);
        assertThat(policy(0).postponed(WebhookEvent.COMPLETED, 0, NOW, free, NOW)).contains(free);
        assertThat(policy(0.999_999).postponed(WebhookEvent.COMPLETED, 0, NOW, free, NOW))
                .hasValueSatisfying(time -> assertThat(time).isBetween(free.plusSeconds(7), free.plusSeconds(8)));
    }

    @Test
    void shouldNotKeepItWhenAnIntermediateMessageIsPutOff() {
        assertThat(policy(0).postponed(WebhookEvent.OUTPUT, 0, NOW, NOW, NOW)).isEmpty();
    }

    @Test
    void shouldGiveUpWhenAMessageWasPutOffForAWeek() {
        assertThat(policy(0).postponed(WebhookEvent.COMPLETED, 0, NOW.minus(Duration.ofDays(6)), NOW, NOW)).isPresent();
        assertThat(policy(0).postponed(WebhookEvent.COMPLETED, 0, NOW.minus(Duration.ofDays(8)), NOW, NOW)).isEmpty();
    }

    private static Duration postponed(int before) {
        return Duration.between(NOW, policy(0).postponed(WebhookEvent.COMPLETED, before, NOW, NOW, NOW).orElseThrow());
    }

    private static Duration pause(double random, int attempt, AttemptOutcome outcome) {
        Instant next = policy(random).next(WebhookEvent.COMPLETED, attempt, outcome, NOW).orElseThrow();
        return Duration.ofMillis(Math.round(Duration.between(NOW, next).toMillis() / 100.0) * 100);
    }

    private static Answered answered(int status, @Nullable Duration retryAfter) {
        return new Answered(status, retryAfter);
    }

    private static RetryPolicy policy(double random) {
        return new RetryPolicy(SCHEDULE, new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }

            @Override
            public double nextDouble() {
                return random;
            }
        });
    }
}
