package dev.auspex.dispatcher.delivery;

import dev.auspex.dispatcher.domain.Admission;
import dev.auspex.dispatcher.domain.Admission.Ending;
import dev.auspex.dispatcher.domain.AttemptOutcome;
import dev.auspex.dispatcher.domain.AttemptOutcome.Answered;
import dev.auspex.dispatcher.domain.AttemptOutcome.NotAnswered;
import dev.auspex.dispatcher.domain.AttemptReport;
import dev.auspex.dispatcher.domain.RetryPolicy;
import dev.auspex.dispatcher.http.Target;
import dev.auspex.dispatcher.http.WebhookSender;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.DeliveryTrace;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes attempts, first ones and retries alike, within the limits of {@link Admission} and where {@link Receivers} allows
 * it, and decides what follows. One event loop.
 */
final class Attempts {

    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);
    private static final String BUSY = "the receiver's host is busy";
    private static final String LEFT_IN_PEACE = "the receiver failed or asked for a pause and is left in peace for a while";
    private static final String NO_HOST = "(none)";
    private static final String GONE = "the receiver answered 410 before";
    private static final String STOPPED = "the dispatcher stopped";

    private static final class Run {
        private final Assignment assignment;
        private final Target target;
        private final @Nullable WebhookEndpoint endpoint;
        private final Promise<DeliveryResult> result = Promise.promise();

        private Run(Assignment assignment, Target target, @Nullable WebhookEndpoint endpoint) {
            this.assignment = assignment;
            this.target = target;
            this.endpoint = endpoint;
        }
    }

    private final Admission<Run> admission;
    private final WebhookSender sender;
    private final RetryPolicy policy;
    private final DeliveryMetrics metrics;
    private final Clock clock;
    private final Receivers receivers = new Receivers();
    private final RegisteredEndpoints registered;
    private final Set<Run> running = new LinkedHashSet<>();

    Attempts(DeliveryLoop.Plan plan, WebhookSender sender, DeliveryMetrics metrics, Clock clock) {
        this.admission = new Admission<>(plan.limits().total(), plan.limits().perHost());
        this.registered = new RegisteredEndpoints(plan.endpoints());
        this.sender = sender;
        this.policy = plan.policy();
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Makes an attempt, or puts it off. The future never fails. */
    Future<DeliveryResult> make(Assignment assignment) {
        return switch (registered.standing(assignment.delivery(), clock.instant())) {
            case Standing.Ready(Delivery delivery, WebhookEndpoint endpoint) ->
                make(assignment.with(delivery), endpoint);
            case Standing.Later(String why, Instant notBefore) ->
                Future.succeededFuture(postponed(assignment, why, notBefore, NO_HOST));
            case Standing.Over(String why) ->
                Future.succeededFuture(unsent(assignment, new NotAnswered(Outcome.GONE, why), NO_HOST));
        };
    }

    private Future<DeliveryResult> make(Assignment assignment, @Nullable WebhookEndpoint endpoint) {
        Delivery delivery = assignment.delivery();
        Instant now = clock.instant();
        Target target;
        try {
            target = Target.parse(delivery.url());
        } catch (IllegalArgumentException e) {
            String why = Objects.requireNonNullElse(e.getMessage(), "");
            return Future.succeededFuture(unsent(assignment, new NotAnswered(Outcome.FORBIDDEN, why), NO_HOST));
        }
        // A registered endpoint that is gone is disabled instead, and may be enabled again.
        if (endpoint == null && receivers.gone(delivery, now)) {
            return Future.succeededFuture(
                    unsent(assignment, new NotAnswered(Outcome.GONE, GONE), target.authority()));
        }
        Run run = new Run(assignment, target, endpoint);
        Optional<Instant> closedUntil = receivers.closedUntil(delivery, target, now);
        if (closedUntil.isPresent()) {
            putOff(run, LEFT_IN_PEACE, closedUntil.get());
            return run.result.future();
        }
        switch (admission.ask(target.authority(), run)) {
            case START -> start(run);
            case WAIT -> {
                // moved on by the answer to another request, or by a sweep
            }
            case REFUSE -> putOffBusy(run);
        }
        return run.result.future();
    }

    /** To be called a few times a second. */
    void sweep() {
        Admission.Moved<Run> moved = admission.sweep();
        moved.refuse().forEach(this::putOffBusy);
        startAll(moved.start());
    }

    /** Puts off everything that waits: nothing is begun any more. */
    void drain() {
        admission.drain().forEach(run -> putOff(run, STOPPED, clock.instant()));
    }

    /** Puts off what is under way, too: whether it arrived is not known. */
    void abandon() {
        drain();
        List.copyOf(running).forEach(run -> putOff(run, STOPPED, clock.instant()));
    }

    /** How many requests are under way. */
    int underWay() {
        return running.size();
    }

    /** How many receivers are left in peace or probed. */
    long circuitsOpen() {
        return receivers.open();
    }

    // What waited asks again: while it did, its receiver may have begun to fail.
    private void startAll(List<Run> runs) {
        Deque<Run> left = new ArrayDeque<>(runs);
        for (Run run = left.poll(); run != null; run = left.poll()) {
            Optional<Instant> closedUntil =
                    receivers.closedUntil(run.assignment.delivery(), run.target, clock.instant());
            if (closedUntil.isEmpty()) {
                start(run);
            } else {
                left.addAll(admission.done(run.target.authority(), Ending.UNUSED));
                putOff(run, LEFT_IN_PEACE, closedUntil.get());
            }
        }
    }

    private void start(Run run) {
        running.add(run);
        Instant startedAt = clock.instant();
        Assignment assignment = run.assignment;
        receivers.begun(assignment.delivery(), run.target);
        sender.send(run.target, assignment.delivery(), assignment.attempt(), assignment.body(), run.endpoint)
                .onSuccess(report -> ended(run, report, startedAt));
    }

    private void ended(Run run, AttemptReport report, Instant startedAt) {
        receivers.ended(run.assignment.delivery(), run.target, report.outcome(), clock.instant());
        if (run.endpoint != null && report.outcome() instanceof Answered answered && answered.gone()) {
            registered.gone(run.endpoint);
        }
        if (running.remove(run)) {
            run.result.complete(attempted(run.assignment, report, startedAt, run.target.authority()));
        }
        startAll(admission.done(run.target.authority(), ending(report.outcome())));
    }

    private static Ending ending(AttemptOutcome outcome) {
        return switch (outcome.kind()) {
            case DELIVERED -> Ending.GOOD;
            case TIMED_OUT -> Ending.SILENT;
            case REJECTED, UNRESOLVED, UNREACHABLE, FORBIDDEN, GONE, POSTPONED, REQUESTED -> Ending.QUICK;
        };
    }

    private DeliveryResult unsent(Assignment assignment, NotAnswered why, String host) {
        return attempted(assignment, new AttemptReport(why, DeliveryTrace.NONE), clock.instant(), host);
    }

    private DeliveryResult attempted(Assignment assignment, AttemptReport report, Instant startedAt, String host) {
        Instant now = clock.instant();
        Delivery delivery = assignment.delivery();
        AttemptOutcome outcome = report.outcome();
        DeliveryResult result = new DeliveryResult(
                delivery,
                assignment.attempt(),
                outcome.kind(),
                outcome.statusOrNull(),
                outcome.errorOrNull(),
                startedAt,
                Duration.between(startedAt, now).toMillis(),
                0,
                policy.next(delivery.event(), assignment.attempt(), outcome, now).orElse(null),
                report.trace());
        metrics.record(result, host);
        return result;
    }

    // A host that has been silent for long is asked again after as long: who comes back every second finds it silent still,
    // and what the scheduler does for nothing delays what others wait for.
    private void putOffBusy(Run run) {
        Duration silence = DeliveryLoop.SWEEP.multipliedBy(admission.silence(run.target.authority()));
        putOff(run, BUSY, clock.instant().plus(silence.compareTo(LONGEST_SILENCE) < 0 ? silence : LONGEST_SILENCE));
    }

    private void putOff(Run run, String why, Instant notBefore) {
        running.remove(run);
        run.result.complete(postponed(run.assignment, why, notBefore, run.target.authority()));
    }

    private DeliveryResult postponed(Assignment assignment, String why, Instant notBefore, String host) {
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
                policy.postponed(delivery.event(), assignment.postponed(), delivery.createdAt(), notBefore, now)
                        .orElse(null),
                null);
        metrics.record(result, host);
        return result;
    }
}
