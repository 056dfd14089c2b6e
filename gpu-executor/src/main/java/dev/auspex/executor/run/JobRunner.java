package dev.auspex.executor.run;

import dev.auspex.executor.cog.CogServers;
import dev.auspex.executor.domain.CanceledPredictions;
import dev.auspex.executor.hardware.Hardware;
import dev.auspex.executor.journal.Entry;
import dev.auspex.executor.journal.Journal;
import dev.auspex.executor.run.Outcome.Blame;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.event.AttemptEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs from decoded record to terminal event. One object serves all slots of a class; {@link #run} is called on a
 * slot's working thread, the other methods on any.
 */
public final class JobRunner {

    /**
     * What runners of all classes share.
     *
     * @param executor this process
     * @param sink where events go
     * @param known what must not run, or not again
     * @param files inputs and outputs
     * @param tools what the process lends
     */
    public record Shared(ExecutorId executor, EventSink sink, Known known, JobFiles files, Tools tools) {}

    /**
     * What must not run, or not again.
     *
     * @param running what this process runs and has lately finished
     * @param canceled what must not begin
     * @param journal what processes before this one ran when they died
     */
    public record Known(RunningJobs running, CanceledPredictions canceled, Journal journal) {}

    /**
     * What the process lends.
     *
     * @param timer sends what models yielded a moment ago
     * @param workFolder parent of the attempts' folders
     * @param clock the time
     * @param metrics where attempts are counted
     * @param cog the servers of Cog models
     */
    public record Tools(
            ScheduledExecutorService timer, Path workFolder, Clock clock, MeterRegistry metrics, CogServers cog) {}

    /**
     * How a record was handed over.
     *
     * @param count how often the broker has handed the record out, this time included
     * @param alone whether the slot took this job alone, not in a batch of quick ones
     */
    public record Delivery(int count, boolean alone) {}

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
    private static final Duration OTHER_CHECK = Duration.ofMillis(250);

    private final Shared shared;
    private final Known known;
    private final ModelRun modelRun;
    private final CogRun cogRun;
    private final Reports reports;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param hardware the class of its slots
     * @param slots how many there are
     * @param deviceLost told when the class's device can no longer be used
     */
    public JobRunner(Shared shared, HardwareClass hardware, int slots, Consumer<String> deviceLost) {
        this.shared = shared;
        this.known = shared.known();
        this.modelRun = new ModelRun(
                shared.files(), shared.tools().clock(), new ModelRun.Device(slots, deviceLost));
        this.cogRun = new CogRun(
                shared.files(), shared.tools().clock(), shared.tools().cog(), !hardware.equals(Hardware.CPU));
        this.reports = new Reports(
                shared.executor(), hardware, shared.sink(), shared.tools().clock(), shared.tools().metrics());
    }

    /**
     * Runs a job to its end, unless it was handed out before: then somebody may still run it, or have died of it, and the
     * router, which knows every attempt, decides.
     *
     * @return done when the broker has what allows to accept the record; fails if it could not be sent
     */
    public Future<?> run(Job job, Delivery delivery, Workplace place) throws InterruptedException {
        long taken = System.nanoTime();
        Attempt attempt = newAttempt(job);
        Future<?> covered = covered(attempt);
        if (covered != null) {
            return covered;
        }
        place.current().set(attempt);
        try {
            if (delivery.count() > 1 || known.journal().hasDied(job)) {
                return redelivered(attempt, delivery.count());
            }
            Outcome outcome = execute(attempt, place);
            attempt.stopped();
            if (!attempt.claim()) {
                return CompletableFuture.failedFuture(new IllegalStateException("the slot has answered for the job"));
            }
            if (attempt.stopReason() == StopReason.GIVEN_UP && isUnfinished(outcome)) {
                return reports.returned(attempt);
            }
            Future<?> sent = reports.ended(attempt, outcome, delivery, taken);
            known.running().reported(job, endsPrediction(job, outcome), sent);
            return sent;
        } finally {
            place.current().set(null);
            known.running().end(attempt);
        }
    }

    /**
     * Enters the attempt, unless this very process already covers the record: it has lately ended the job, or another
     * slot runs it and the router knows, which then hears from that one alone.
     *
     * @return done when the record can be accepted; {@code null} if the attempt has been entered
     */
    private @Nullable Future<?> covered(Attempt attempt) throws InterruptedException {
        Job job = attempt.job();
        while (true) {
            Attempt other = known.running().begin(attempt);
            Future<?> end = known.running().endOf(job);
            if (end != null) {
                if (other == null) {
                    known.running().end(attempt);
                }
                LOG.atInfo().addKeyValue("prediction", job.id()).log("job handed out again after its end: not run");
                return end;
            }
            if (other == null) {
                return null;
            }
            other.announce();
            if (other.isKnown() && other.job().attempt() == job.attempt()) {
                LOG.atWarn().addKeyValue("prediction", job.id()).log("job handed out again while it runs here: not run");
                return CompletableFuture.completedFuture(null);
            }
            boolean unused = other.awaitEnd(OTHER_CHECK);
        }
    }

    private Future<?> redelivered(Attempt attempt, int deliveries) throws InterruptedException {
        Future<?> sent = reports.redelivered(attempt, deliveries);
        try {
            sent.get();
            known.journal().reported(attempt.job());
        } catch (ExecutionException e) {
            LOG.atDebug().setCause(e).log("not sent"); // handled where the record is acknowledged
        }
        return sent;
    }

    private Attempt newAttempt(Job job) {
        AttemptId id = AttemptId.create(shared.tools().clock().instant(), random);
        Outbox outbox = new Outbox(
                shared.sink(),
                body -> AttemptEvent.of(job, id, shared.executor(), shared.tools().clock().instant(), body),
                shared.tools().timer());
        WorkFolder folder = new WorkFolder(shared.tools().workFolder(), id.value());
        return new Attempt(
                job, id, outbox, folder, (value, attempt) -> shared.files().toJson(job, value, attempt::pause),
                shared.tools().clock());
    }

    private Outcome execute(Attempt attempt, Workplace place) throws InterruptedException {
        if (!attempt.job().suspect()) {
            return executeNow(attempt, place);
        }
        if (!known.running().enterSuspect(attempt)) {
            return new Outcome.Stopped();
        }
        try {
            return executeNow(attempt, place);
        } finally {
            known.running().leaveSuspect();
        }
    }

    private Outcome executeNow(Attempt attempt, Workplace place) throws InterruptedException {
        Job job = attempt.job();
        if (known.canceled().contains(job.id(), job.account())
                || attempt.isCanceled()
                || ModelRun.isLate(job, shared.tools().clock().instant())) {
            return new Outcome.Stopped();
        }
        place.cell().begin(Entry.of(job, attempt.id(), shared.tools().clock().instant()));
        try {
            return switch (job.runner()) {
                case Runner.Builtin builtin -> modelRun.run(attempt, builtin.model(), place.models());
                case Runner.CogUrl cog -> cogRun.run(attempt);
                case Runner.CogDocker cog -> cogRun.run(attempt);
            };
        } finally {
            place.cell().end();
        }
    }

    // What a model says that was told to stop because its process stops is no verdict on the job.
    private static boolean isUnfinished(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Success success -> false;
            case Outcome.Failure failure -> failure.blame() != Blame.WORKER;
            case Outcome.Stopped stopped -> true;
        };
    }

    // The router takes the first such end of any attempt, also of one that it has given up.
    private static boolean endsPrediction(Job job, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Success success -> true;
            case Outcome.Failure failure -> failure.blame() == Blame.MODEL && !job.limits().retryModelErrors();
            case Outcome.Stopped stopped -> true;
        };
    }

    /**
     * Gives a job back that has not begun here.
     *
     * @param deliveries how often the broker has handed the record out
     * @return done when the record can be accepted
     */
    public Future<?> giveBack(Job job, int deliveries) {
        Attempt attempt = newAttempt(job);
        return deliveries > 1 ? reports.redelivered(attempt, deliveries) : reports.returned(attempt);
    }

    /**
     * Answers for an attempt that was given up and whose model does not stop: the process is about to end. One that had
     * to stop anyway is marked, and its end is told by the next process on this data folder, when it is true; any other
     * goes back.
     *
     * @return done when the record can be accepted; empty if the attempt has ended after all and reports itself
     */
    public Optional<Future<?>> answerFor(Attempt attempt, Workplace place) {
        if (!attempt.claim()) {
            return Optional.empty();
        }
        StopReason reason = attempt.stopReason();
        if (reason == StopReason.GIVEN_UP || reason == null) {
            place.cell().end();
            return Optional.of(reports.returned(attempt));
        }
        boolean overdue = reason == StopReason.RUN_LIMIT;
        if (!place.cell().mark(overdue ? Entry.State.OVERDUE : Entry.State.CANCELED)) {
            // It has stopped at the last moment.
            return Optional.of(reports.ended(
                    attempt,
                    overdue
                            ? new Outcome.Failure(ModelRun.tooLong(attempt.job()), Blame.MODEL, null)
                            : new Outcome.Stopped(),
                    new Delivery(1, true),
                    System.nanoTime()));
        }
        LOG.atError()
                .addKeyValue("prediction", attempt.job().id())
                .addKeyValue("reason", reason)
                .log("model did not stop: the next process on this data folder reports its end");
        return Optional.of(CompletableFuture.completedFuture(null));
    }
}
