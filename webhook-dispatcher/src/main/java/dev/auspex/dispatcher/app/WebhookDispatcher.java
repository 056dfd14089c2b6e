package dev.auspex.dispatcher.app;

import dev.auspex.dispatcher.api.ApiServer;
import dev.auspex.dispatcher.delivery.DeliveryLimits;
import dev.auspex.dispatcher.delivery.DeliveryLoop;
import dev.auspex.dispatcher.domain.RetryPolicy;
import dev.auspex.dispatcher.kafka.DeliveryScheduler;
import dev.auspex.dispatcher.kafka.EndpointRegistry;
import dev.auspex.dispatcher.kafka.FirstAttempts;
import dev.auspex.dispatcher.kafka.ResultLog;
import dev.auspex.dispatcher.kafka.RetrySenders;
import dev.auspex.dispatcher.kafka.ShareGroups;
import dev.auspex.dispatcher.log.DeliveryLog;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.Service;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.metrics.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells users' webhooks what happens to their predictions. Two stages share one event loop: first attempts straight from
 * {@code predictions}, in order; retries as the scheduler orders them. ADR 0003 says what is guaranteed.
 */
public final class WebhookDispatcher implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookDispatcher.class);
    private static final String GROUP = "dispatcher";
    private static final String SENDERS = "delivery-senders";
    /** More than can wait and be under way, so that reading does not stop because of slow receivers. */
    private static final int OPEN_PER_REQUEST = 16;
    private static final long MOST_OPEN_BYTES = 64L << 20;
    private static final long ENDPOINTS_SECONDS = 60;
    private static final Duration CLOSE_TIME = Duration.ofSeconds(2);

    private final ServiceContext context;

    /** The parts, once started. */
    private record Parts(
            ResultLog results,
            DeliveryLoop loop,
            DeliveryScheduler scheduler,
            FirstAttempts first,
            RetrySenders retries,
            DeliveryLog log,
            EndpointRegistry endpoints,
            ApiServer api) {}

    private volatile @Nullable Parts parts;

    /** Prepares; nothing is opened before {@link #start}. */
    public WebhookDispatcher(ServiceContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return "dispatcher";
    }

    @Override
    public void start() throws Exception {
        Topics topics = context.topics();
        ShareGroups.prepare(context.kafka(), topics.group(SENDERS));
        ResultLog results = new ResultLog(context.kafka().producer("dispatcher-results", Map.of(
                // Results are many and small; a wider window only means that a crash repeats a little more.
                ProducerConfig.LINGER_MS_CONFIG, 10,
                ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10)), topics.deliveryResults());
        try {
            parts = assemble(results);
        } catch (Exception e) {
            results.close(CLOSE_TIME);
            throw e;
        }
        Parts all = parts;
        // Whoever reads a snapshot has to know everybody who is to be told.
        all.endpoints().start().get(ENDPOINTS_SECONDS, TimeUnit.SECONDS);
        all.api().start();
        all.log().start();
        all.scheduler().start();
        all.first().start();
        all.retries().start();
    }

    private Parts assemble(ResultLog results) throws Exception {
        Settings settings = context.settings();
        Topics topics = context.topics();
        KafkaClients kafka = context.kafka();
        Path folder = settings.get(Keys.DATA).resolve("dispatcher");
        String member = MemberName.in(folder);
        int concurrency = settings.get(Keys.DISPATCHER_CONCURRENCY);
        RetryPolicy policy =
                new RetryPolicy(settings.get(Keys.WEBHOOK_SCHEDULE), () -> ThreadLocalRandom.current().nextLong());
        DeliveryLimits limits =
                new DeliveryLimits(concurrency, settings.get(Keys.DISPATCHER_ENDPOINT_CONCURRENCY));
        DeliveryScheduler scheduler =
                new DeliveryScheduler(kafka.bootstrapServers(), topics, member, folder, context.clock());
        Metric.WEBHOOK_PENDING.gauge(context.metrics(), scheduler::waiting);
        EndpointRegistry endpoints = new EndpointRegistry(kafka, topics, context.clock());
        DeliveryLoop loop = DeliveryLoop.start(context, new DeliveryLoop.Plan(limits, policy, results, endpoints))
                .await(30, TimeUnit.SECONDS);
        FirstAttempts first = new FirstAttempts(
                () -> kafka.consumer("dispatcher-first", consumerSettings(topics, member)),
                new FirstAttempts.Source(topics.predictions(), endpoints),
                loop,
                new FirstAttempts.Bounds(concurrency * OPEN_PER_REQUEST, MOST_OPEN_BYTES));
        RetrySenders retries = new RetrySenders(
                kafka::isReachable,
                () -> kafka.shareConsumer("dispatcher-retries", topics.group(SENDERS), 100, Map.of()),
                topics.deliveries(), loop, context.clock(), concurrency);
        DeliveryLog log = new DeliveryLog(
                () -> kafka.consumer("dispatcher-log", Map.of()), topics, folder.resolve("log"), context.clock());
        ApiServer api = new ApiServer(
                context, new ApiServer.Parts(log, results, endpoints, loop), this::problems);
        return new Parts(results, loop, scheduler, first, retries, log, endpoints, api);
    }

    private static Map<String, Object> consumerSettings(Topics topics, String member) {
        return Map.of(
                ConsumerConfig.GROUP_ID_CONFIG, topics.group(GROUP),
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 250,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
    }

    /** The port on which it answers gateways, once started. */
    public int port() {
        Parts now = parts;
        return now == null ? 0 : now.api().port();
    }

    @Override
    public List<String> problems() {
        Parts now = parts;
        if (now == null) {
            return List.of("not started");
        }
        List<String> problems = new ArrayList<>();
        if (!now.first().ready()) {
            problems.add("joining the group that reads predictions");
        }
        if (!now.scheduler().ready()) {
            problems.add("restoring the deliveries that wait for a retry");
        }
        if (now.results().failing()) {
            problems.add("Kafka does not take delivery results");
        }
        return problems;
    }

    @Override
    public void stop(Duration limit) throws Exception {
        Parts now = parts;
        if (now == null) {
            return;
        }
        long deadline = System.nanoTime() + limit.toNanos();
        Stages stages = new Stages();
        now.first().stopReading();
        stages.run(() -> now.api().stop(CLOSE_TIME));
        stages.run(() -> now.log().stop(CLOSE_TIME));
        stages.run(() -> now.retries().stop(CLOSE_TIME));
        // Half of the time for receivers, the rest to write down and commit what became of it.
        stages.run(() -> now.loop().drain(left(deadline).dividedBy(2)).await(left(deadline).toMillis(), TimeUnit.MILLISECONDS));
        stages.run(() -> {
            if (!now.results().flush(left(deadline).dividedBy(2))) {
                LOG.atWarn().log("results not written; what they are about is repeated with the same ids");
            }
        });
        stages.run(() -> now.first().close(left(deadline)));
        stages.run(() -> now.scheduler().close(left(deadline)));
        stages.run(() -> now.endpoints().stop(CLOSE_TIME));
        stages.run(() -> now.results().close(CLOSE_TIME));
        stages.run(() -> now.loop().close().await(CLOSE_TIME.toMillis(), TimeUnit.MILLISECONDS));
        stages.finish();
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(500_000_000, deadline - System.nanoTime()));
    }

    /** Goes on past failures and throws the first at the end. */
    private static final class Stages {
        private @Nullable Exception failure;

        private interface Stage {
            void run() throws Exception;
        }

        private void run(Stage stage) {
            try {
                stage.run();
            } catch (Exception e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }

        private void finish() throws Exception {
            if (failure != null) {
                throw failure;
            }
        }
    }
}
