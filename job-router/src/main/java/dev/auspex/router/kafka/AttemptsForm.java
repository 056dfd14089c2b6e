package dev.auspex.router.kafka;

import dev.auspex.protocol.Attempt;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.router.domain.Attempts;
import dev.auspex.router.domain.Attempts.Tally;
import dev.auspex.router.domain.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The attempts within a stored state; {@link StateCodec} has the rest. Safe for any thread. */
final class AttemptsForm {

    /** By their place in the stored form, which is not their order in the enum. */
    private static final List<AttemptOutcome> OUTCOMES = List.of(
            AttemptOutcome.RUNNING, AttemptOutcome.SUCCEEDED, AttemptOutcome.FAILED, AttemptOutcome.LOST,
            AttemptOutcome.RETURNED, AttemptOutcome.CANCELED);

    private AttemptsForm() {}

    static void write(Attempts attempts, FieldWriter out) {
        out.one((byte) attempts.newest().size());
        for (Attempt attempt : attempts.newest()) {
            out.number(attempt.number());
            out.text(attempt.id().value());
            out.text(text(attempt.executor()));
            out.text(attempt.hardware().value());
            out.time(attempt.startedAt());
            out.time(attempt.endedAt());
            out.one((byte) OUTCOMES.indexOf(attempt.outcome()));
            out.text(attempt.error());
        }
        out.text(attempts.current() == null ? null : attempts.current().value());
        Tally tally = attempts.tally();
        out.number(tally.count());
        out.number(tally.failures());
        out.one((byte) (tally.begun() ? 1 : 0));
        out.text(text(tally.lostWorker()));
    }

    static Attempts read(FieldReader in) {
        List<Attempt> newest = new ArrayList<>();
        for (int left = in.one(); left > 0; left--) {
            newest.add(new Attempt(
                    (int) in.number(), new AttemptId(in.requiredText()), toExecutor(in.text()),
                    new HardwareClass(in.requiredText()), in.time(), in.time(), OUTCOMES.get(in.one()), in.text()));
        }
        AttemptId current = toAttempt(in.text());
        return new Attempts(
                newest, current, new Tally((int) in.number(), (int) in.number(), in.one() != 0, toExecutor(in.text())));
    }

    /** What the first form had: the current attempt and the names of those before it. */
    record Early(@Nullable AttemptId current, @Nullable ExecutorId executor, int count, List<AttemptId> superseded) {

        static Early read(FieldReader in) {
            AttemptId current = toAttempt(in.text());
            ExecutorId executor = toExecutor(in.text());
            int count = (int) in.number();
            List<AttemptId> superseded = new ArrayList<>();
            for (int left = in.one(); left > 0; left--) {
                superseded.add(new AttemptId(in.requiredText()));
            }
            return new Early(current, executor, count, superseded);
        }

        Attempts with(Job job, PredictionStatus status, Result result) {
            List<Attempt> newest = new ArrayList<>();
            int number = count - superseded.size();
            for (AttemptId id : superseded) {
                newest.add(new Attempt(number++, id, null, job.hardware(), null, null, AttemptOutcome.LOST, null));
            }
            if (current != null) {
                newest.add(new Attempt(
                        count, current, executor, job.hardware(), result.startedAt(), result.completedAt(),
                        outcome(status), result.error()));
            }
            return new Attempts(newest, current, new Tally(count, 0, count > 0, null));
        }

        private static AttemptOutcome outcome(PredictionStatus status) {
            return switch (status) {
                case STARTING, PROCESSING -> AttemptOutcome.RUNNING;
                case SUCCEEDED -> AttemptOutcome.SUCCEEDED;
                case FAILED -> AttemptOutcome.FAILED;
                case CANCELED, ABORTED -> AttemptOutcome.CANCELED;
            };
        }
    }

    private static @Nullable AttemptId toAttempt(@Nullable String text) {
        return text == null ? null : new AttemptId(text);
    }

    private static @Nullable ExecutorId toExecutor(@Nullable String text) {
        return text == null ? null : new ExecutorId(text);
    }

    private static @Nullable String text(@Nullable ExecutorId executor) {
        return executor == null ? null : executor.value();
    }
}
