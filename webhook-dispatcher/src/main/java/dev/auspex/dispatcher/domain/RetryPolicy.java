package dev.auspex.dispatcher.domain;

import dev.auspex.dispatcher.domain.AttemptOutcome.Answered;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a message is tried again. Pure arithmetic; safe for any thread if the random source is.
 *
 * <p>{@code completed} runs through the whole schedule. {@code start}, {@code queued} and {@code retrying} are worth little
 * once the prediction has moved on: they get the first {@value #START_RETRIES} pauses. {@code output}, {@code logs} and
 * {@code progress} are never retried: a later message holds everything an earlier one did.
 *
 * @param schedule the pauses between the attempts of one message
 * @param random spreads retries, so that a receiver that comes back is not hit by all of them at once
 */
public record RetryPolicy(List<Duration> schedule, RandomGenerator random) {

    static final int START_RETRIES = 3;
    private static final double JITTER = 0.2;
    /** A receiver may ask for more time than the schedule gives, up to this. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(24);
    private static final Duration FIRST_POSTPONEMENT = Duration.ofSeconds(1);
    private static final int LONGEST_POSTPONEMENT_SHIFT = 7; // 1 s << 7 is about two minutes
    private static final Duration LONGEST_LIFE = Duration.ofDays(7);

    /** Copies the schedule. */
    public RetryPolicy {
        schedule = List.copyOf(schedule);
    }

    /**
     * When to try again after an attempt.
     *
     * @param event what the message is news of
     * @param attempt how many attempts have been made, this one included
     * @param outcome how it ended
     * @param now the time
     * @return empty if it was delivered, refused for good, or was the last
     */
    public Optional<Instant> next(WebhookEvent event, int attempt, AttemptOutcome outcome, Instant now) {
        if (settles(outcome) || attempt > retries(event)) {
            return Optional.empty();
        }
        Duration pause = schedule.get(attempt - 1);
        Duration wanted = pause;
        if (outcome instanceof Answered(int status, Duration retryAfter) && retryAfter != null) {
            wanted = min(max(retryAfter, pause), max(LONGEST_RETRY_AFTER, pause));
        }
        // What the receiver asked for is a lower bound: spread upwards only.
        double spread = wanted.equals(pause) ? 1 - JITTER + 2 * JITTER * random.nextDouble() : 1 + JITTER * random.nextDouble();
        return Optional.of(now.plus(scaled(wanted, spread)));
    }

    /**
     * When to come back to a message for which no attempt could be made.
     *
     * @param event what the message is news of
     * @param postponed how often in a row that has happened before
     * @param createdAt when the message was made
     * @param notBefore when it may be sent again at the earliest
     * @param now the time
     * @return empty if it is not worth keeping, or has waited for a week
     */
    public Optional<Instant> postponed(
            WebhookEvent event, int postponed, Instant createdAt, Instant notBefore, Instant now) {
        if (retries(event) == 0 || createdAt.plus(LONGEST_LIFE).isBefore(now)) {
            return Optional.empty();
        }
        Duration pause = max(
                FIRST_POSTPONEMENT.multipliedBy(1L << Math.min(postponed, LONGEST_POSTPONEMENT_SHIFT)),
                Duration.between(now, notBefore));
        return Optional.of(now.plus(scaled(pause, 1 + JITTER * random.nextDouble())));
    }

    private int retries(WebhookEvent event) {
        return switch (event) {
            case COMPLETED -> schedule.size();
            case START, QUEUED, RETRYING -> Math.min(START_RETRIES, schedule.size());
            case OUTPUT, LOGS, PROGRESS -> 0;
        };
    }

    private static boolean settles(AttemptOutcome outcome) {
        return switch (outcome) {
            case Answered answered -> answered.success() || answered.gone();
            case AttemptOutcome.NotAnswered failed ->
                failed.outcome() == Outcome.FORBIDDEN || failed.outcome() == Outcome.GONE;
        };
    }

    private static Duration scaled(Duration duration, double factor) {
        return Duration.ofMillis(Math.round(duration.toMillis() * factor));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
