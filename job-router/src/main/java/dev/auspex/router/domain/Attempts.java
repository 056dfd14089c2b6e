package dev.auspex.router.domain;

import dev.auspex.protocol.Attempt;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.event.AttemptEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who has tried to run a prediction. Immutable.
 *
 * @param newest the attempts, oldest first; of many only the newest. What they still report is recognised by name and not
 *     by comparing ids, because executors' clocks differ
 * @param current the attempt whose output is shown; {@code null} while none runs
 * @param tally what is counted over all of them
 */
public record Attempts(List<Attempt> newest, @Nullable AttemptId current, Tally tally) {

    /** Before the first one. */
    public static final Attempts NONE = new Attempts(List.of(), null, new Tally(0, 0, false, null));

    /** How many are remembered. Those that failed are fewer than that by far; those that were returned may be many. */
    static final int MAX_REMEMBERED = 16;

    /**
     * What is counted.
     *
     * @param count how many attempts were seen
     * @param failures how many of them failed or were lost: what the job's limit is for
     * @param begun whether the model has begun in one of them; clients are told of it once
     * @param lostWorker the first worker that was lost while it ran this prediction
     */
    public record Tally(int count, int failures, boolean begun, @Nullable ExecutorId lostWorker) {

        Tally failure(@Nullable ExecutorId lost) {
            return new Tally(count, failures + 1, begun, lostWorker == null ? lost : lostWorker);
        }

        /** Whether this worker is the second one that is lost. */
        boolean hasLostAnother(@Nullable ExecutorId worker) {
            return worker != null && lostWorker != null && !lostWorker.equals(worker);
        }
    }

    /** Copies the list. */
    public Attempts {
        newest = List.copyOf(newest);
    }

    /** These with the event's as the one that runs; whoever ran until now has been superseded. */
    Attempts begun(AttemptEvent event, HardwareClass hardware, Instant startedAt) {
        Attempts before = closed(event.attempt(), AttemptOutcome.LOST, event.time(), "another executor began anew");
        Attempt running = new Attempt(
                before.tally.count + 1, event.attempt(), event.executor(), hardware, startedAt, null,
                AttemptOutcome.RUNNING, null);
        return new Attempts(
                before.plus(running),
                event.attempt(),
                new Tally(tally.count + 1, tally.failures, true, tally.lostWorker));
    }

    /**
     * These with the event's ended, whether it was known or not.
     *
     * @param startedAt when the model began, if it did
     */
    Attempts ended(
            AttemptEvent event, HardwareClass hardware, @Nullable Instant startedAt, AttemptOutcome how,
            @Nullable String error) {
        Optional<Attempt> known = find(event.attempt());
        Attempt before = known.orElseGet(() -> new Attempt(
                tally.count + 1, event.attempt(), event.executor(), hardware, startedAt, null,
                AttemptOutcome.RUNNING, null));
        Attempt after = before.ended(how, event.time(), error);
        Tally counted = new Tally(
                Math.max(tally.count, after.number()), tally.failures, tally.begun || startedAt != null,
                tally.lostWorker);
        return new Attempts(
                known.isPresent() ? replaced(after) : plus(after),
                event.attempt().equals(current) ? null : current,
                counted);
    }

    /** These without the one that runs; it has ended without saying so itself. */
    Attempts gone(AttemptOutcome how, Instant at, @Nullable String error) {
        return new Attempts(closed(null, how, at, error).newest, null, tally);
    }

    /** These with one that nobody has heard of: a worker took the job and vanished without a word. */
    Attempts vanished(AttemptEvent report, HardwareClass hardware, String error) {
        Attempt unheard = new Attempt(
                tally.count + 1, report.attempt(), null, hardware, null, report.time(), AttemptOutcome.LOST, error);
        return new Attempts(
                plus(unheard), null, new Tally(tally.count + 1, tally.failures, tally.begun, tally.lostWorker));
    }

    /** These with this attempt's output to be shown; another one that still runs does so in vain. */
    Attempts settledBy(AttemptId attempt, Instant at) {
        List<Attempt> settled = closed(attempt, AttemptOutcome.CANCELED, at, "another attempt ended first").newest;
        return new Attempts(settled, attempt, tally);
    }

    Attempts failed(@Nullable ExecutorId lost) {
        return new Attempts(newest, current, tally.failure(lost));
    }

    /** The attempt that runs. */
    Optional<Attempt> running() {
        return current == null ? Optional.empty() : find(current);
    }

    /** Whether the attempt was seen before. */
    boolean know(AttemptId attempt) {
        return find(attempt).isPresent();
    }

    private Optional<Attempt> find(AttemptId attempt) {
        return newest.stream().filter(it -> it.id().equals(attempt)).findFirst();
    }

    private Attempts closed(@Nullable AttemptId butFor, AttemptOutcome how, Instant at, @Nullable String error) {
        return running()
                .filter(it -> !it.id().equals(butFor) && it.outcome() == AttemptOutcome.RUNNING)
                .map(it -> new Attempts(replaced(it.ended(how, at, error)), current, tally))
                .orElse(this);
    }

    private List<Attempt> replaced(Attempt after) {
        return newest.stream().map(it -> it.id().equals(after.id()) ? after : it).toList();
    }

    private List<Attempt> plus(Attempt attempt) {
        if (newest.isEmpty()) {
            return List.of(attempt);
        }
        List<Attempt> more = new ArrayList<>(newest);
        more.add(attempt);
        return more.subList(Math.max(0, more.size() - MAX_REMEMBERED), more.size());
    }
}
