package dev.auspex.executor.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.executor.run.Outcome.Blame;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.protocol.Job;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs built-in models and says how they ended. Only slots' working threads. */
final class ModelRun {

    private static final Logger LOG = LoggerFactory.getLogger(ModelRun.class);
    private static final int MAX_ERROR = 8 * 1024;
    /** A few round trips to Kafka. */
    private static final Duration KNOWN_LIMIT = Duration.ofSeconds(2);

    private final JobFiles files;
    private final Clock clock;
    private final Device device;

    /**
     * What the slots of a class share.
     *
     * @param slots how many there are
     * @param lost told when it can no longer be used
     */
    record Device(int slots, Consumer<String> lost) {}

    ModelRun(JobFiles files, Clock clock, Device device) {
        this.files = files;
        this.clock = clock;
        this.device = device;
    }

    /** Sets the model up if need be and runs it; when memory is short, once more with nothing else loaded. */
    Outcome run(Attempt attempt, String model, LoadedModels models) throws InterruptedException {
        try {
            return classified(attempt, model, models);
        } catch (MemoryException first) {
            LOG.atWarn()
                    .addKeyValue("prediction", attempt.job().id())
                    .addKeyValue("model", model)
                    .log("out of memory: every model of the slot is unloaded");
            models.giveUpAll();
            if (attempt.outbox().yielded() != null) {
                return outOfMemory(first);
            }
        }
        try {
            return classified(attempt, model, models);
        } catch (MemoryException second) {
            models.close();
            return outOfMemory(second);
        }
    }

    // What other slots hold stays: beside less of it, another try may do better.
    private Outcome outOfMemory(MemoryException failure) {
        return new Outcome.Failure(
                "the worker ran out of memory, also with no other model in its slot: " + message(failure.cause()),
                device.slots() > 1 ? Blame.PLATFORM : Blame.MODEL,
                failure.cause());
    }

    private Outcome classified(Attempt attempt, String model, LoadedModels models)
            throws MemoryException, InterruptedException {
        try {
            return once(attempt, model, models);
        } catch (CanceledException e) {
            return stopped(attempt, e);
        } catch (OutputException e) {
            return outputFailure(e);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | Error e) {
            if (Faults.isDeviceLost(e)) {
                models.discard(model);
                device.lost().accept(message(e));
                return new Outcome.Failure("the worker lost its device", Blame.WORKER, e);
            }
            if (e instanceof ModelException && e.getCause() instanceof InterruptedIOException) {
                return stopped(attempt, new CanceledException());
            }
            if (e instanceof ModelException) {
                return new Outcome.Failure(message(e), Blame.MODEL, e.getCause());
            }
            if (Faults.isOutOfMemory(e)) {
                throw new MemoryException(e);
            }
            if (e instanceof Error && !(e instanceof StackOverflowError || e instanceof AssertionError)) {
                // Of a class that does not link, or of the machine itself: its state is unknown.
                models.discard(model);
                return new Outcome.Failure(
                        "the model cannot run on this worker: " + message(e),
                        e instanceof VirtualMachineError ? Blame.PLATFORM : Blame.MODEL,
                        e);
            }
            return new Outcome.Failure(message(e), Blame.MODEL, e);
        }
    }

    private Outcome once(Attempt attempt, String model, LoadedModels models) throws Exception {
        Job job = attempt.job();
        attempt.settingUp(true);
        Duration setUp;
        try {
            setUp = models.setUp(model);
        } finally {
            attempt.settingUp(false);
        }
        attempt.checkCanceled();
        LoadedModels.Run run = models.prepare(model, job.input(), (field, url) -> files.fetch(attempt, field, url));
        attempt.checkCanceled();
        if (isLate(job, clock.instant())) {
            return new Outcome.Stopped(); // the set-up or the input's download took so long
        }
        if (setUp.isPositive()) {
            attempt.metric("setup_time", Math.round(setUp.toNanos() / 1e3) / 1e6);
        }
        attempt.begin();
        if (job.attempt() > 0) {
            // If it kills its worker again, the router can tell it from those that only waited beside it.
            attempt.announce();
            attempt.awaitKnown(KNOWN_LIMIT);
        }
        Object returned = run.on(attempt);
        attempt.returned();
        JsonNode yielded = attempt.outbox().yielded();
        if (yielded != null) {
            return new Outcome.Success(yielded);
        }
        return new Outcome.Success(returned == null ? null : files.toJson(job, returned, attempt::pause));
    }

    static Outcome outputFailure(OutputException e) {
        return new Outcome.Failure(message(e), e.retryable() ? Blame.PLATFORM : Blame.MODEL, e.getCause());
    }

    /** What it means that a model says it was canceled. */
    static Outcome stopped(Attempt attempt, CanceledException thrown) {
        StopReason reason = attempt.stopReason();
        if (reason == null) {
            return new Outcome.Failure("the model stopped as if it had been canceled", Blame.MODEL, thrown);
        }
        return switch (reason) {
            case CANCELED, DEADLINE, GIVEN_UP -> new Outcome.Stopped();
            case RUN_LIMIT -> new Outcome.Failure(tooLong(attempt.job()), Blame.MODEL, null);
        };
    }

    /** What a prediction is told that was stopped at its model's run limit. */
    static String tooLong(Job job) {
        Duration limit = job.limits().run();
        return "the prediction ran longer than " + (limit == null ? "it may" : seconds(limit));
    }

    private static String seconds(Duration limit) {
        double seconds = limit.toMillis() / 1000.0;
        return seconds == Math.rint(seconds)
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : String.format(Locale.ROOT, "%.3f s", seconds);
    }

    /** Whether the job may no longer be started. */
    static boolean isLate(Job job, Instant now) {
        Instant startBy = job.startBy();
        return startBy != null && !now.isBefore(startBy);
    }

    // A cause's text may hold a user's input: it reaches the client, never the log.
    static String message(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        return message.length() <= MAX_ERROR ? message : message.substring(0, MAX_ERROR) + "…";
    }

    /** Memory was short. */
    private static final class MemoryException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Throwable cause;

        MemoryException(Throwable cause) {
            super(null, cause, false, false);
            this.cause = cause;
        }

        Throwable cause() {
            return cause;
        }
    }
}
