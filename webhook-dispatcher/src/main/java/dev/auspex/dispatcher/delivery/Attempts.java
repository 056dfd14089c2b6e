package dev.auspex.dispatcher.delivery;

import dev.auspex.dispatcher.domain.Admission;
import dev.auspex.dispatcher.domain.Admission.Ending;
import dev.auspex.dispatcher.domain.AttemptOutcome;
import dev.auspex.dispatcher.domain.AttemptOutcome.NotAnswered;
import dev.auspex.dispatcher.domain.RetryPolicy;
import dev.auspex.dispatcher.http.Target;
import dev.auspex.dispatcher.http.WebhookSender;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Makes attempts, first ones and retries alike, within the limits of {@link Admission}, and decides what follows. One
 * event loop.
 */
final class Attempts {

    private static final String BUSY = "the receiver's host is busy";
    private static final String STOPPED = "the dispatcher stopped";

    private static final class Run {
        private final Assignment assignment;
        private final Target target;
        private final Promise<DeliveryResult> result = Promise.promise();

        private Run(Assignment assignment, Target target) {
            this.assignment = assignment;
            this.target = target;
        }
    }

    private final Admission<Run> admission;
    private final WebhookSender sender;
    private final RetryPolicy policy;
    private final DeliveryMetrics metrics;
    private final Clock clock;
    private final Set<Run> running = new LinkedHashSet<>();

    Attempts(DeliveryLimits limits, WebhookSender sender, RetryPolicy policy, DeliveryMetrics metrics, Clock clock) {
        this.admission = new Admission<>(limits.total(), limits.perHost());
        this.sender = sender;
        this.policy = policy;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Makes an attempt, or puts it off. The future never fails. */
    Future<DeliveryResult> make(Assignment assignment) {
        Target target;
        try {
            target = Target.parse(assignment.delivery().url());
        } catch (IllegalArgumentException e) {
            NotAnswered refused = new NotAnswered(Outcome.FORBIDDEN, Objects.requireNonNullElse(e.getMessage(), ""));
            return Future.succeededFuture(attempted(assignment, refused, clock.instant(), "(not valid)"));
        }
        Run run = new Run(assignment, target);
        switch (admission.ask(target.authority(), run)) {
            case START -> start(run);
            case WAIT -> {
                // moved on by the answer to another request, or by a sweep
            }
            case REFUSE -> putOff(run, BUSY);
        }
        return run.result.future();
    }

    /** To be called a few times a second. */
    void sweep() {
        Admission.Moved<Run> moved = admission.sweep();
        moved.refuse().forEach(run -> putOff(run, BUSY));
        moved.start().forEach(this::start);
    }

    /** Puts off everything that waits: nothing is begun any more. */
    void drain() {
        admission.drain().forEach(run -> putOff(run, STOPPED));
    }

    /** Puts off what is under way, too: whether it arrived is not known. */
    void abandon() {
        drain();
        List.copyOf(running).forEach(run -> putOff(run, STOPPED));
    }

    /** How many requests are under way. */
    int underWay() {
        return running.size();
    }

    private void start(Run run) {
        running.add(run);
        Instant startedAt = clock.instant();
        Assignment assignment = run.assignment;
        sender.send(run.target, assignment.delivery(), assignment.attempt(), assignment.body())
                .onSuccess(outcome -> ended(run, outcome, startedAt));
    }

    private void ended(Run run, AttemptOutcome outcome, Instant startedAt) {
        if (running.remove(run)) {
            run.result.complete(attempted(run.assignment, outcome, startedAt, run.target.authority()));
        }
        admission.done(run.target.authority(), ending(outcome)).forEach(this::start);
    }

    private static Ending ending(AttemptOutcome outcome) {
        return switch (outcome.kind()) {
            case DELIVERED -> Ending.GOOD;
            case TIMED_OUT -> Ending.SILENT;
            case REJECTED, UNRESOLVED, UNREACHABLE, FORBIDDEN, POSTPONED -> Ending.QUICK;
        };
    }

    private DeliveryResult attempted(Assignment assignment, AttemptOutcome outcome, Instant startedAt, String host) {
        Instant now = clock.instant();
        Delivery delivery = assignment.delivery();
        DeliveryResult result = new DeliveryResult(
                delivery,
                assignment.attempt(),
                outcome.kind(),
                outcome.statusOrNull(),
                outcome.errorOrNull(),
                startedAt,
                Duration.between(startedAt, now).toMillis(),
                0,
                policy.next(delivery.event(), assignment.attempt(), outcome, now).orElse(null));
        metrics.record(result, host);
        return result;
    }

    private void putOff(Run run, String why) {
        running.remove(run);
        Assignment assignment = run.assignment;
        Delivery delivery = assignment.delivery();
        Instant now = clock.instant();
        DeliveryResult result = new DeliveryResult(
                delivery,
                assignment.attempt() - 1,
                Outcome.POSTPONED,
                null,
                why,
                now,
                0,
                assignment.postponed() + 1,
                policy.postponed(delivery.event(), assignment.postponed(), delivery.createdAt(), now).orElse(null));
        metrics.record(result, run.target.authority());
        run.result.complete(result);
    }
}
