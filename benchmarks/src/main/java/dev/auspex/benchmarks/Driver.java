package dev.auspex.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.json.Json;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs phases one after the other. Submissions, answers and webhooks all live on one event loop, which costs less than
 * sharing would on the small machines this is for. The methods block and belong to one thread, which is not that loop.
 */
final class Driver implements AutoCloseable {

    private static final int SIGNATURE_SAMPLE = 50;
    private static final int OPEN_LOOP_CONNECTIONS = 256;
    private static final long LOOK_MILLIS = 20;

    private final Target target;
    private final Limits limits;
    private final Vertx vertx;
    private final Context loop;
    private final SignatureCheck signatures;
    private final WebhookReceiver receiver;

    /**
     * How long to wait for webhooks.
     *
     * @param patience without any progress, before the missing ones count as lost
     * @param phase for a phase altogether
     */
    record Limits(Duration patience, Duration phase) {}

    /** Asks the installation for its webhook secret and starts the receiver. */
    Driver(Target target, Limits limits) throws TimeoutException {
        this.target = target;
        this.limits = limits;
        this.vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(false));
        this.loop = vertx.getOrCreateContext();
        Future<String> secret = onLoop(() -> new Api(vertx, target.url(), target.token(), 1).webhookSecret());
        this.signatures = new SignatureCheck(secret.await(30, TimeUnit.SECONDS), SIGNATURE_SAMPLE);
        this.receiver = WebhookReceiver.start(vertx, signatures);
    }

    /**
     * Runs a phase to its end: all answers are in and all webhooks, or the limits are reached.
     *
     * @param watch reads the topics along; {@code null} for not
     */
    PhaseRun run(Phase phase, @Nullable TopicWatch watch) throws Exception {
        int connections = switch (phase) {
            case Phase.ClosedLoop closed -> closed.connections();
            case Phase.SubmitsAlone alone -> alone.connections();
            case Phase.OpenLoop ignored -> OPEN_LOOP_CONNECTIONS;
            case Phase.OpenSubmits ignored -> OPEN_LOOP_CONNECTIONS;
        };
        PhaseRun run = new PhaseRun(phase, PhaseRun.Usage.now(target.server()));
        Submission submission = onLoop(() -> {
            Api api = new Api(vertx, target.url(), target.token(), connections);
            byte[] body = body(phase.webhooks() ? receiver.open(run.ledger()) : null);
            return new Submission(api, api.submission(target.model(phase), body), run);
        });
        Future<Void> sent = switch (phase) {
            case Phase.OpenLoop open -> Load.open(loop, open.rate(), open.count(), submission::submit);
            case Phase.OpenSubmits open -> Load.open(loop, open.rate(), open.count(), submission::submit);
            case Phase.ClosedLoop closed -> Load.closed(loop, phase, connections, submission::submit);
            case Phase.SubmitsAlone alone -> Load.closed(loop, phase, connections, submission::submit);
        };
        sent.await(limits.phase().toMillis(), TimeUnit.MILLISECONDS);
        if (phase.webhooks()) {
            settle(run.ledger());
        }
        PhaseRun.Usage end = PhaseRun.Usage.now(target.server());
        if (watch != null) {
            watch.close();
        }
        run.end(end, target.server(), watch);
        submission.api().close().await(10, TimeUnit.SECONDS);
        return run;
    }

    /** Waits a little for duplicates that come late. */
    void linger(Duration time) throws TimeoutException {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(time.toMillis(), ignored -> over.complete());
        over.future().await(time.toSeconds() + 10, TimeUnit.SECONDS);
    }

    /** The figures of all phases. Not while one runs. */
    Report report(List<PhaseRun> runs, Instant now) {
        return new Report(
                now,
                Report.Machine.here(),
                signatures.checked(),
                signatures.wrong(),
                receiver.strays(),
                runs.stream().map(PhaseRun::report).toList());
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private void settle(Ledger ledger) throws TimeoutException {
        Promise<Void> settled = Promise.promise();
        long deadline = System.nanoTime() + limits.phase().toNanos();
        loop.runOnContext(ignored -> {
            Progress progress = new Progress();
            vertx.setPeriodic(LOOK_MILLIS, timer -> {
                long now = System.nanoTime();
                boolean stuck = progress.idleNanos(ledger.completed(), now) > limits.patience().toNanos();
                if (ledger.settled() || stuck || now > deadline) {
                    vertx.cancelTimer(timer);
                    settled.complete();
                }
            });
        });
        settled.future().await(limits.phase().plusSeconds(60).toMillis(), TimeUnit.MILLISECONDS);
    }

    private <T> T onLoop(Callable<T> action) throws TimeoutException {
        Promise<T> result = Promise.promise();
        loop.runOnContext(ignored -> {
            try {
                result.complete(action.call());
            } catch (Exception e) {
                result.fail(e);
            }
        });
        return result.future().await(10, TimeUnit.SECONDS);
    }

    private byte[] body(@Nullable String webhook) {
        ObjectNode body = Json.object();
        body.set("input", target.input());
        if (webhook != null) {
            body.put("webhook", webhook);
            body.putArray("webhook_events_filter").add("completed");
        }
        return Json.bytes(body);
    }

    /** The same request again and again. On the event loop. */
    private record Submission(Api api, Buffer request, PhaseRun run) {

        private Future<Void> submit(long intendedNanos) {
            run.sent(intendedNanos);
            long sentMicros = Body.micros(Instant.now());
            return api.submit(request).map(answer -> {
                switch (answer) {
                    case Api.Accepted(String prediction) -> {
                        run.accepted(intendedNanos);
                        run.ledger().accepted(prediction, intendedNanos, sentMicros);
                    }
                    case Api.Refused(String why) -> run.ledger().refused(why);
                    case Api.Unanswered(String why) -> run.ledger().unanswered(why);
                }
                if (run.ledger().answeredAll()) {
                    run.answeredAll();
                }
                return null;
            });
        }
    }

    /** When the last webhook came. */
    private static final class Progress {
        private int completed = -1;
        private long since;

        private long idleNanos(int completedNow, long now) {
            if (completedNow != completed) {
                completed = completedNow;
                since = now;
            }
            return now - since;
        }
    }
}
