package dev.auspex.router.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.ReplayOf;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.replay.Replay;
import dev.auspex.protocol.replay.ReplayFilter;
import dev.auspex.protocol.replay.ReplayOverrides;
import dev.auspex.protocol.replay.ReplayRecord;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.protocol.replay.ReplaySpec;
import dev.auspex.protocol.replay.SkipReason;
import dev.auspex.protocol.topic.ReplayHeaders;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.RouterHarness;
import dev.auspex.router.replay.ReplayTopics.Ended;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/** A replay is interrupted, doubled and taken up again: every job is there once. */
@ExtendWith(KafkaExtension.class)
class ReplayChaosIT {

    private static final int COUNT = 5_000;
    private static final int MOST_RUNS = 5;

    private final KafkaClients kafka;
    private final Topics topics;
    private final ReplayTopics kafkaTopics;
    private final ServiceContext context;
    private final Admin admin;
    private final ReplayLog log;
    private final CatalogueTail catalogue;

    ReplayChaosIT(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        this.kafka = kafka;
        this.topics = topics;
        this.kafkaTopics = new ReplayTopics(kafka, topics);
        this.context = ServiceContext.create(Settings.of(RouterHarness.settings(kafka, topics, data, Map.of())));
        this.admin = kafka.admin("test");
        this.log = new ReplayLog(kafka, topics, new Ends(admin), context.clock());
        this.catalogue = new CatalogueTail(kafka, topics);
        catalogue.start();
        log.start();
        catalogue.caughtUp().get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        log.stop(Duration.ofSeconds(5));
        catalogue.stop(Duration.ofSeconds(5));
        admin.close();
        kafkaTopics.close();
        context.vertx().close().await();
    }

    @Test
    void shouldLoseAndRepeatNothingWhenTheRunnerIsShutOutHalfWay() throws Exception {
        AccountId account = new AccountId("fenced");
        List<Ended> originals = kafkaTopics.failed(account, COUNT, 0);
        kafkaTopics.publish(originals);
        ReplayRequest request = accept(account, 4_000.0);

        CompletableFuture<@Nullable Void> first = CompletableFuture.runAsync(runner(request));
        awaitSubmitted(request, 1);
        // What a successor does first, wherever the other one is at this moment, in a transaction or between two.
        try (KafkaProducer<String, byte[]> successor = kafka.producer("successor", Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.group("replay." + request.id())))) {
            successor.initTransactions();
        }
        first.get(20, TimeUnit.SECONDS);
        assertThat(now(request).status()).as("the first runner is out").isEqualTo(PredictionStatus.PROCESSING);
        long before = now(request).counts().submitted();
        assertThat(before).isBetween(1L, COUNT - 1L);

        runner(request).run();

        assertExactlyOnce(request, originals);
    }

    @Test
    void shouldLoseAndRepeatNothingWhenTheRunnerDiesInATransaction() throws Exception {
        AccountId account = new AccountId("dead");
        List<Ended> originals = kafkaTopics.failed(account, 50, 0);
        kafkaTopics.publish(originals);
        ReplayRequest request = accept(account, null);
        KafkaProducer<String, byte[]> dead = dyingRunner(request, originals.subList(0, 20));

        runner(request).run();

        assertExactlyOnce(request, originals);
        dead.close(Duration.ZERO);
    }

    @Test
    void shouldRequeueDeadLettersOnceWhenOneRunnerDiesAndTwoWorkAtOnce() throws Exception {
        AccountId account = new AccountId("letters");
        List<Ended> originals = kafkaTopics.failed(account, 50, 0);
        kafkaTopics.publishDead(Instant.now(), originals.stream().map(Ended::job).toList());
        List<PredictionId> ids = originals.stream().map(Ended::id).toList();
        ReplayRequest request = accept(account, null, ids);
        KafkaProducer<String, byte[]> dead = dyingRunner(request, originals.subList(0, 20));

        CompletableFuture<@Nullable Void> first = CompletableFuture.runAsync(() -> runToTheEnd(request));
        CompletableFuture<@Nullable Void> second = CompletableFuture.runAsync(() -> runToTheEnd(request));
        CompletableFuture.allOf(first, second).get(60, TimeUnit.SECONDS);

        assertExactlyOnce(request, originals);
        ReplayRequest later = accept(account, null, ids);
        runner(later).run();
        log.fresh().get(20, TimeUnit.SECONDS);
        assertThat(now(later).counts().skipped()).containsExactly(Map.entry(SkipReason.ALREADY_REPLAYED, 50L));
        assertThat(now(later).counts().submitted()).isZero();
        dead.close(Duration.ZERO);
    }

    // A runner that has sent jobs and has not committed when it is gone; it never comes back.
    private KafkaProducer<String, byte[]> dyingRunner(ReplayRequest request, List<Ended> originals) {
        KafkaProducer<String, byte[]> dead = kafka.producer("dead", Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.group("replay." + request.id())));
        dead.initTransactions();
        dead.beginTransaction();
        JobRebuild rebuild = new JobRebuild(request, catalogue, topics, context.secret());
        for (Ended each : originals) {
            Job job = each.job();
            ProducerRecord<String, byte[]> sent = new ProducerRecord<>(
                    topics.retries(job.hardware()), rebuild.newId(job.id(), null).value(), Serdes.JOB.serialize(job));
            ProducerRecord<String, byte[]> mark = new ProducerRecord<>(topics.deadJobs(), job.id().value(), null);
            for (ProducerRecord<String, byte[]> record : List.of(sent, mark)) {
                ReplayHeaders.write(request.account(), new ReplayOf(job.id(), request.id()), record.headers());
                dead.send(record);
            }
        }
        dead.flush();
        return dead;
    }

    @Test
    void shouldSubmitOnceWhenTwoRunnersWorkAtOnce() throws Exception {
        AccountId account = new AccountId("double");
        List<Ended> originals = kafkaTopics.failed(account, COUNT, 0);
        kafkaTopics.publish(originals);
        ReplayRequest request = accept(account, 10_000.0);

        CompletableFuture<@Nullable Void> first = CompletableFuture.runAsync(() -> runToTheEnd(request));
        CompletableFuture<@Nullable Void> second = CompletableFuture.runAsync(() -> runToTheEnd(request));
        CompletableFuture.allOf(first, second).get(60, TimeUnit.SECONDS);

        assertExactlyOnce(request, originals);
    }

    @Test
    void shouldGoOnByItselfWhenTheRouterComesBack() throws Exception {
        AccountId account = new AccountId("restarted");
        List<Ended> originals = kafkaTopics.failed(account, 2_000, 0);
        kafkaTopics.publish(originals);
        ReplayRequest request = accept(account, 1_000.0);
        Replays before = new Replays(context);
        before.start();
        awaitSubmitted(request, 1);

        before.stop(Duration.ofSeconds(10));
        log.fresh().get(20, TimeUnit.SECONDS);
        assertThat(now(request).status()).isEqualTo(PredictionStatus.PROCESSING);
        Replays after = new Replays(context);
        after.start();
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(
                () -> assertThat(now(request).status().isTerminal()).isTrue());
        after.stop(Duration.ofSeconds(10));

        assertExactlyOnce(request, originals);
    }

    // As a router does: the broker may tell the one that was shut out in other words, and then it looks again.
    private void runToTheEnd(ReplayRequest request) {
        for (int i = 1; ; i++) {
            try {
                runner(request).run();
                return;
            } catch (KafkaException e) {
                if (i == MOST_RUNS) {
                    throw e;
                }
            }
        }
    }

    private void assertExactlyOnce(ReplayRequest request, List<Ended> originals) throws Exception {
        log.fresh().get(20, TimeUnit.SECONDS);
        Replay ended = now(request);
        assertThat(ended.status()).isEqualTo(PredictionStatus.SUCCEEDED);
        assertThat(ended.counts().scanned()).isEqualTo(originals.size());
        assertThat(ended.counts().submitted()).isEqualTo(originals.size());
        assertThat(ended.counts().skipped()).isEmpty();
        assertThat(kafkaTopics.jobs(request.account()).stream().map(job -> job.replayOf().prediction().value()).sorted())
                .containsExactlyElementsOf(originals.stream().map(each -> each.id().value()).sorted().toList());
    }

    private ReplayRequest accept(AccountId account, @Nullable Double rate) throws Exception {
        return accept(account, rate, List.of());
    }

    private ReplayRequest accept(AccountId account, @Nullable Double rate, List<PredictionId> ids) throws Exception {
        Instant now = Instant.now();
        ReplayFilter filter = new ReplayFilter(List.of(), null, null, null, null, ids, null, null);
        ReplayRequest request = new ReplayRequest(
                PredictionId.create(now, new Random()), account,
                new ReplaySpec(filter, ReplayOverrides.NONE, rate, false), now, "http://new.test");
        log.write(new ReplayRecord.Requested(request)).get(20, TimeUnit.SECONDS);
        log.fresh().get(20, TimeUnit.SECONDS);
        return request;
    }

    private void awaitSubmitted(ReplayRequest request, int atLeast) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10)).untilAsserted(
                () -> assertThat(now(request).counts().submitted()).isGreaterThanOrEqualTo(atLeast));
    }

    private Replay now(ReplayRequest request) {
        return log.find(request.id()).orElseThrow();
    }

    private ReplayRunner runner(ReplayRequest request) {
        ReplaySource source = new ReplaySource(kafka, topics, new Ends(admin), DeadTopic.of(context));
        return new ReplayRunner(context, log, source, catalogue, request.id());
    }
}
