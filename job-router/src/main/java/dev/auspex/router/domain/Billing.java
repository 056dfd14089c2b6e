package dev.auspex.router.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.Attempt;
import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.usage.AttemptUsage;
import dev.auspex.protocol.usage.AttemptUsage.Charge;
import dev.auspex.protocol.usage.AttemptUsage.Run;
import dev.auspex.router.domain.PredictionState.Known;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which attempts a transition ended and what is asked for them: the one that the prediction ended with is billed, whatever
 * its result; what the platform lost, took back, tried again or gave up is not (ADR 19). Pure; safe for any thread.
 */
public final class Billing {

    private static final double LONGEST_SECONDS = Duration.ofDays(3650).toSeconds();
    private static final double MICROS = 1e6;

    private Billing() {}

    /**
     * The usage of every attempt that has ended between the two states.
     *
     * @param effects of the transition
     */
    public static List<AttemptUsage> ended(
            PredictionState before, PredictionState after, List<Decision.Effect> effects, Prices prices) {
        List<Attempt> old = attempts(before);
        if (!(after instanceof Known known) || known.attempts().newest() == old) {
            return List.of();
        }
        boolean givenUp = effects.stream().anyMatch(Decision.Effect.Bury.class::isInstance);
        List<AttemptUsage> used = new ArrayList<>(1);
        for (Attempt attempt : known.attempts().newest()) {
            if (attempt.outcome() != AttemptOutcome.RUNNING && outcome(old, attempt) != attempt.outcome()) {
                used.add(usage(known, attempt, !givenUp && isResult(known, attempt), prices));
            }
        }
        return used;
    }

    private static List<Attempt> attempts(PredictionState state) {
        return state instanceof Known known ? known.attempts().newest() : List.of();
    }

    // What an attempt was until now: one that was given up may be the first to end after all.
    private static @Nullable AttemptOutcome outcome(List<Attempt> old, Attempt attempt) {
        for (Attempt each : old) {
            if (each.id().equals(attempt.id())) {
                return each.outcome();
            }
        }
        return null;
    }

    private static boolean isResult(Known known, Attempt attempt) {
        return attempt.id().equals(known.attempts().current())
                && switch (attempt.outcome()) {
                    case SUCCEEDED -> known.status() == PredictionStatus.SUCCEEDED;
                    case FAILED -> known.status() == PredictionStatus.FAILED;
                    case CANCELED -> known.status() == PredictionStatus.CANCELED;
                    case RUNNING, LOST, RETURNED -> false;
                };
    }

    private static AttemptUsage usage(Known known, Attempt attempt, boolean billed, Prices prices) {
        Job job = known.job();
        Instant endedAt = Objects.requireNonNull(attempt.endedAt(), "an attempt that does not run has ended");
        Run run = new Run(attempt.id(), attempt.hardware(), attempt.startedAt(), endedAt, attempt.outcome());
        Duration time = billed ? predictTime(known.result().metrics(), run.time()) : Duration.ZERO;
        return new AttemptUsage(
                job.account(), job.id(), job.model(), job.version(), run,
                Charge.of(time, prices.of(attempt.hardware())));
    }

    // What the executor measured; what clients see as the prediction's predict_time.
    private static Duration predictTime(@Nullable ObjectNode metrics, Duration otherwise) {
        JsonNode measured = metrics == null ? null : metrics.get("predict_time");
        if (measured == null || !measured.isNumber()) {
            return otherwise;
        }
        double seconds = measured.asDouble();
        return seconds >= 0 && seconds <= LONGEST_SECONDS
                ? Duration.ofNanos(Math.round(seconds * MICROS) * 1_000)
                : otherwise;
    }
}
