package dev.auspex.dispatcher.delivery;

import dev.auspex.dispatcher.domain.RetryPolicy;
import dev.auspex.dispatcher.http.Credentials;
import dev.auspex.dispatcher.http.WebhookSender;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryOrder;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.metrics.Metric;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The one event loop on which all attempts of this process are made, so that their state needs no locks. Its methods may
 * be called by any thread and return at once.
 */
public final class DeliveryLoop {

    static final Duration SWEEP = Duration.ofMillis(200);
    /** Counting passes all receivers in trouble. */
    private static final int SWEEPS_PER_COUNT = 10;
    private static final long DRAIN_CHECK_MILLIS = 10;

    /** Gives the loop a context of its own, and takes it away again. */
    private static final class Home extends VerticleBase {
        private final Promise<Context> ready = Promise.promise();

        @Override
        public Future<?> start() {
            ready.complete(context);
            return Future.succeededFuture();
        }
    }

    private final Vertx vertx;
    private final Context context;
    private final String deployment;
    private final WebhookSender sender;
    private final Attempts attempts;
    private final ResultSink results;
    private final Set<PartitionWork> partitions = new LinkedHashSet<>();
    private boolean draining;
    private volatile long circuitsOpen;
    private long sweeps;

    private DeliveryLoop(
            ServiceContext services, Context context, String deployment, Plan plan) {
        this.vertx = services.vertx();
        this.context = context;
        this.deployment = deployment;
        this.results = plan.results();
        this.sender = new WebhookSender(
                context, plan.limits().perHost(), services.egress(), Credentials.of(services.secret()), services.clock());
        this.attempts = new Attempts(plan, sender, new DeliveryMetrics(services.metrics()), services.clock());
        Metric.WEBHOOK_CIRCUITS.gauge(services.metrics(), () -> circuitsOpen);
    }

    /**
     * What a loop goes by.
     *
     * @param limits how much may be under way
     * @param policy when messages are tried again
     * @param results where every result goes
     * @param endpoints the registered ones
     */
    public record Plan(DeliveryLimits limits, RetryPolicy policy, ResultSink results, Endpoints endpoints) {}

    /** Starts a loop. */
    public static Future<DeliveryLoop> start(ServiceContext services, Plan plan) {
        Home home = new Home();
        return services.vertx().deployVerticle(home).compose(deployment -> home.ready.future().map(context -> {
            DeliveryLoop loop = new DeliveryLoop(services, context, deployment, plan);
            context.runOnContext(ignored ->
                    services.vertx().setPeriodic(SWEEP.toMillis(), timer -> loop.sweep()));
            return loop;
        }));
    }

    private void sweep() {
        attempts.sweep();
        if (++sweeps % SWEEPS_PER_COUNT == 0) {
            circuitsOpen = attempts.circuitsOpen();
        }
    }

    /** Begins with a partition. */
    public PartitionWork assign() {
        PartitionWork work = new PartitionWork(vertx, attempts, results);
        context.runOnContext(ignored -> partitions.add(work));
        return work;
    }

    /** First attempts, in the order of their offsets. */
    public void offer(PartitionWork work, List<Snapshot> snapshots) {
        context.runOnContext(ignored -> work.offer(snapshots));
    }

    /** Begins nothing more for a partition. @return completes when nothing is under way for it */
    public Future<Void> release(PartitionWork work) {
        Promise<Void> released = Promise.promise();
        context.runOnContext(ignored -> {
            partitions.remove(work);
            work.release().onComplete(released);
        });
        return released.future();
    }

    /**
     * Makes a retry.
     *
     * @param done called by another thread once its result is durable
     */
    public void retry(DeliveryOrder order, byte[] body, Runnable done) {
        Assignment assignment = new Assignment(order.delivery(), order.attempt(), order.postponed(), body);
        context.runOnContext(ignored -> {
            if (draining) {
                done.run(); // the scheduler orders it again when this order has run out
            } else {
                attempts.make(assignment).onSuccess(result -> results.append(result, null, done));
            }
        });
    }

    /** Makes an attempt that is not repeated, to try an endpoint out. @return its result, which is in the log, too */
    public Future<DeliveryResult> tryOut(Delivery delivery, byte[] body) {
        Promise<DeliveryResult> tried = Promise.promise();
        context.runOnContext(ignored -> attempts.make(new Assignment(delivery, 1, 0, body)).onSuccess(result -> {
            DeliveryResult last = result.last();
            results.append(last, null, () -> {});
            tried.complete(last);
        }));
        return tried.future();
    }

    /** Begins nothing more and waits for what is under way; what is left at the limit goes to the scheduler. */
    public Future<Void> drain(Duration limit) {
        Promise<Void> drained = Promise.promise();
        long deadline = System.nanoTime() + limit.toNanos();
        context.runOnContext(ignored -> {
            draining = true;
            partitions.forEach(PartitionWork::release);
            attempts.drain();
            vertx.setPeriodic(1, DRAIN_CHECK_MILLIS, timer -> {
                if (System.nanoTime() - deadline > 0) {
                    attempts.abandon();
                }
                if (attempts.underWay() == 0) {
                    vertx.cancelTimer(timer);
                    drained.tryComplete();
                }
            });
        });
        return drained.future();
    }

    /** Closes connections and ends the loop. */
    public Future<Void> close() {
        sender.close();
        return vertx.undeploy(deployment);
    }
}
