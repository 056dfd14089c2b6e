package dev.auspex.router.replay;

import static dev.auspex.router.replay.ReplayTopics.H100;
import static dev.auspex.router.replay.ReplayTopics.PAINTER;
import static dev.auspex.router.replay.ReplayTopics.VERSION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Priority;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.replay.Replay;
import dev.auspex.protocol.replay.ReplayFilter;
import dev.auspex.protocol.replay.ReplayOverrides;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.protocol.replay.ReplaySpec;
import dev.auspex.protocol.replay.SkipReason;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.RouterHarness;
import dev.auspex.router.Samples;
import dev.auspex.router.replay.ReplayTopics.Ended;
import dev.auspex.router.replay.Replays.Reception;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/** What replays do, seen from outside: each test has an account of its own. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayIT {

    private static final Random RANDOM = new Random();
    private static final DeploymentName DEPLOYMENT = new DeploymentName(new AccountId("deployed"), "there");

    private final ReplayTopics kafkaTopics;
    private final ServiceContext context;
    private final Replays replays;

    ReplayIT(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        this.kafkaTopics = new ReplayTopics(kafka, topics);
        this.context = ServiceContext.create(Settings.of(RouterHarness.settings(kafka, topics, data, Map.of(
                "data.retention", "forgetful=1h"))));
        this.replays = new Replays(context);
    }

    @BeforeAll
    void start() {
        kafkaTopics.publishDeployment(DEPLOYMENT); // the catalogue is read before anything is replayed
        replays.start();
    }

    @AfterAll
    void stop() throws Exception {
        replays.stop(Duration.ofSeconds(5));
        kafkaTopics.close();
        context.vertx().close().await();
    }

    @Test
    void shouldSubmitEveryFailedPredictionOnceWhenReplayed() throws Exception {
        AccountId account = new AccountId("all");
        List<Ended> failed = kafkaTopics.failed(account, 3_000, 0);
        List<Ended> others = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            others.add(kafkaTopics.succeeded(account, 10_000 + i));
        }
        others.addAll(kafkaTopics.failed(new AccountId("stranger"), 500, 0));
        kafkaTopics.publish(failed);
        kafkaTopics.publish(others);
        kafkaTopics.publishRunning(kafkaTopics.job(account, 20_000));

        Replay ended = ended(create(request(account, filter(), ReplayOverrides.NONE, null, false)));

        assertThat(ended.status()).isEqualTo(PredictionStatus.SUCCEEDED);
        assertThat(ended.progress()).isEqualTo(1);
        assertThat(ended.counts().scanned()).isEqualTo(5_000);
        assertThat(ended.counts().skipped()).isEmpty();
        assertThat(ended.counts().matched()).isEqualTo(3_000);
        assertThat(ended.counts().submitted()).isEqualTo(3_000);
        List<Job> jobs = kafkaTopics.jobs(account);
        assertThat(jobs).extracting(job -> job.replayOf().prediction())
                .containsExactlyInAnyOrderElementsOf(failed.stream().map(Ended::id).toList());
        assertThat(jobs).extracting(Job::id).doesNotHaveDuplicates();
        assertThat(kafkaTopics.jobs(new AccountId("stranger"))).isEmpty();
    }

    @Test
    void shouldBeTheSameJobAnewWhenItIsReplayed() throws Exception {
        AccountId account = new AccountId("same");
        Ended failed = kafkaTopics.failed(account, 7);
        kafkaTopics.publish(List.of(failed));
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        Replay ended = ended(create(request(account, filter(), ReplayOverrides.NONE, null, false)));

        Job job = kafkaTopics.jobs(account).getFirst();
        Job old = failed.job();
        assertThat(job.id()).isNotEqualTo(old.id());
        assertThat(job.id().createdAt()).isEqualTo(ended.request().createdAt().truncatedTo(ChronoUnit.MILLIS));
        assertThat(job.createdAt()).isBetween(before, Instant.now());
        assertThat(job.replayOf().replay()).isEqualTo(ended.request().id());
        assertThat(job.input()).isEqualTo(old.input());
        assertThat(job.webhook()).isEqualTo(old.webhook());
        assertThat(job.hardware()).isEqualTo(H100);
        assertThat(job.version()).isEqualTo(VERSION);
        assertThat(job.limits()).isEqualTo(PAINTER.limits());
        assertThat(job.attempt()).isZero();
        assertThat(job.deadline()).isEqualTo(job.createdAt().plusSeconds(600));
        assertThat(job.urls().get()).isEqualTo("http://new.test/v1/predictions/" + job.id());
        assertThat(job.urls().stream()).startsWith("http://new.test/v1/streams/same." + job.id() + ".");
    }

    @Test
    void shouldRunOtherwiseWhenOverridesSaySo() throws Exception {
        AccountId account = new AccountId("otherwise");
        kafkaTopics.publish(List.of(kafkaTopics.failed(account, 1)));
        HardwareClass cpu = new HardwareClass("cpu");

        ended(create(request(account, filter(), new ReplayOverrides(VERSION, cpu, false, null), null, false)));
        Replay unknown = ended(create(request(
                account, filter(), new ReplayOverrides(new VersionId("0".repeat(64)), null, null, null), null, true)));

        assertThat(kafkaTopics.jobs(account)).singleElement().satisfies(job -> {
            assertThat(job.hardware()).isEqualTo(cpu);
            assertThat(job.webhook()).isNull();
        });
        assertThat(unknown.counts().skipped()).containsExactly(Map.entry(SkipReason.VERSION_UNKNOWN, 1L));
    }

    @Test
    void shouldSkipWhatWasReplayedBeforeWhenNotAskedAgain() throws Exception {
        AccountId account = new AccountId("twice");
        kafkaTopics.publish(kafkaTopics.failed(account, 20, 0));

        ended(create(request(account, filter(), ReplayOverrides.NONE, null, false)));
        kafkaTopics.publish(kafkaTopics.failed(account, 5, 100));
        Replay second = ended(create(request(account, filter(), ReplayOverrides.NONE, null, false)));
        Replay again = ended(create(request(account, filter(), ReplayOverrides.NONE, null, true)));

        assertThat(second.counts().submitted()).isEqualTo(5);
        assertThat(second.counts().skipped()).containsExactly(Map.entry(SkipReason.ALREADY_REPLAYED, 20L));
        assertThat(again.counts().submitted()).isEqualTo(25);
        assertThat(kafkaTopics.jobs(account)).hasSize(50).extracting(Job::id).doesNotHaveDuplicates();
    }

    @Test
    void shouldSubmitOnceWhenTwoReplaysAreAskedForTogether() throws Exception {
        AccountId account = new AccountId("together");
        kafkaTopics.publish(kafkaTopics.failed(account, 400, 0));

        Replay slow = create(request(account, filter(), ReplayOverrides.NONE, 400.0, false));
        Replay quick = create(request(account, filter(), ReplayOverrides.NONE, null, false));
        Replay first = ended(slow);
        Replay second = ended(quick);

        assertThat(first.counts().submitted() + second.counts().submitted()).isEqualTo(400);
        assertThat(kafkaTopics.jobs(account)).hasSize(400);
    }

    @Test
    void shouldSkipWithAReasonWhenNothingIsLeftToSubmit() throws Exception {
        AccountId account = new AccountId("reasons");
        List<Ended> failed = kafkaTopics.failed(account, 3, 0);
        kafkaTopics.publish(failed);
        kafkaTopics.publishRemoved(failed.getFirst());
        kafkaTopics.publishBody(kafkaTopics.failed(account, 3), "{\"id\":");
        kafkaTopics.publishBody(kafkaTopics.failed(account, 4),
                "{\"model\":\"acme/gone\",\"version\":\"" + VERSION + "\",\"input\":{},\"error\":\"x\"}");

        Replay ended = ended(create(request(account, filter(), ReplayOverrides.NONE, null, false)));

        assertThat(ended.counts().scanned()).isEqualTo(5);
        assertThat(ended.counts().submitted()).isEqualTo(2);
        assertThat(ended.counts().skipped()).containsExactlyInAnyOrderEntriesOf(Map.of(
                SkipReason.DATA_REMOVED, 1L, SkipReason.UNREADABLE, 1L, SkipReason.MODEL_UNKNOWN, 1L));
    }

    @Test
    void shouldCreateNothingWhenItIsADryRun() throws Exception {
        AccountId account = new AccountId("dry");
        kafkaTopics.publish(kafkaTopics.failed(account, 30, 0));
        kafkaTopics.publish(List.of(kafkaTopics.succeeded(account, 100)));

        DryRunReport report =
                replays.dryRun(request(account, filter(), ReplayOverrides.NONE, null, false)).get();

        assertThat(report.complete()).isTrue();
        assertThat(report.counts().scanned()).isEqualTo(31);
        assertThat(report.counts().submitted()).isEqualTo(30);
        assertThat(report.groups().byModel()).isEqualTo(Map.of("acme/painter", 30L));
        assertThat(report.groups().byStatus()).isEqualTo(Map.of("failed", 30L));
        assertThat(report.groups().byError()).isEqualTo(Map.of("CUDA out of memory: tried 7 GiB", 30L));
        assertThat(report.samples()).hasSize(10);
        assertThat(kafkaTopics.jobs(account)).isEmpty();
        assertThat(replays.list(account).get()).isEmpty();
    }

    @Test
    void shouldStopSubmittingWhenCanceled() throws Exception {
        AccountId account = new AccountId("stopped");
        kafkaTopics.publish(kafkaTopics.failed(account, 1_000, 0));
        Replay replay = create(request(account, filter(), ReplayOverrides.NONE, 40.0, false));
        Awaitility.await().untilAsserted(() ->
                assertThat(now(replay).counts().submitted()).isPositive());

        Replay canceled = replays.cancel(account, replay.request().id()).get().orElseThrow();

        assertThat(canceled.status()).isEqualTo(PredictionStatus.CANCELED);
        assertThat(canceled.completedAt()).isNotNull();
        assertThat(canceled.counts().submitted()).isLessThan(1_000);
        assertThat(kafkaTopics.jobs(account)).hasSize((int) canceled.counts().submitted());
        assertThat(replays.cancel(new AccountId("stranger"), replay.request().id()).get()).isEmpty();
    }

    @Test
    void shouldKeepToItsRateWhenItHasOne() throws Exception {
        AccountId account = new AccountId("slow");
        kafkaTopics.publish(kafkaTopics.failed(account, 300, 0));

        Replay ended = ended(create(request(account, filter(), ReplayOverrides.NONE, 100.0, false)));

        // The first quarter of a second's jobs go at once.
        assertThat(Duration.between(ended.startedAt(), ended.completedAt()))
                .isBetween(Duration.ofMillis(2_600), Duration.ofMillis(6_000));
        assertThat(kafkaTopics.jobs(account)).hasSize(300);
    }

    @Test
    void shouldBeOneReplayWhenTheSameRequestComesTwice() throws Exception {
        AccountId account = new AccountId("repeated");
        kafkaTopics.publish(kafkaTopics.failed(account, 10, 0));
        ReplayRequest request = request(account, filter(), ReplayOverrides.NONE, null, true);
        ReplayRequest later = new ReplayRequest(
                request.id(), account, request.spec(), request.createdAt().plusSeconds(1), request.baseUrl());
        ReplayRequest other = new ReplayRequest(
                request.id(), account, new ReplaySpec(filter(), ReplayOverrides.NONE, 1.0, true), Instant.now(), "");

        ended(create(request));

        assertThat(create(later).request()).isEqualTo(request);
        assertThat(replays.create(other).get()).isInstanceOf(Reception.Conflicting.class);
        assertThat(replays.list(account).get()).hasSize(1);
        assertThat(kafkaTopics.jobs(account)).hasSize(10);
    }

    @Test
    void shouldTakeOnlyTheseWhenIdsAreGiven() throws Exception {
        AccountId account = new AccountId("ids");
        List<Ended> failed = kafkaTopics.failed(account, 50, 0);
        kafkaTopics.publish(failed);
        List<PredictionId> wanted = List.of(failed.get(3).id(), failed.get(31).id());
        ReplayFilter filter = new ReplayFilter(
                List.of(), null, null, null, null, wanted, null, null);

        ended(create(request(account, filter, ReplayOverrides.NONE, null, false)));

        assertThat(kafkaTopics.jobs(account).stream()
                        .map(job -> job.replayOf().prediction())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void shouldRequeueOnceFromTheDeadLetterWhenNothingElseIsLeft() throws Exception {
        AccountId account = new AccountId("letters");
        Job job = kafkaTopics.job(account, 1);
        Job other = kafkaTopics.job(account, 2);
        kafkaTopics.publishDead(Instant.now(), List.of(job, other));
        kafkaTopics.publishDead(Instant.now(), List.of(kafkaTopics.job(new AccountId("stranger"), 3)));
        ReplayFilter wanted = only(job.id());

        DryRunReport report = replays.dryRun(request(account, wanted, ReplayOverrides.NONE, null, false)).get();
        Replay first = ended(create(request(account, wanted, ReplayOverrides.NONE, null, false)));
        List<Job> submitted = kafkaTopics.jobs(account);
        Replay second = ended(create(request(account, wanted, ReplayOverrides.NONE, null, false)));
        forgetJobs();
        Replay later = ended(create(request(account, wanted, ReplayOverrides.NONE, null, false)));

        assertThat(report.counts().submitted()).isEqualTo(1);
        assertThat(first.counts().submitted()).isEqualTo(1);
        assertThat(first.progress()).isEqualTo(1);
        assertThat(submitted).singleElement().satisfies(again -> {
            assertThat(again.replayOf().prediction()).isEqualTo(job.id());
            assertThat(again.input()).isEqualTo(job.input());
            assertThat(again.webhook()).isEqualTo(job.webhook());
            assertThat(again.hardware()).isEqualTo(job.hardware());
            assertThat(again.deadline()).isEqualTo(again.createdAt().plusSeconds(600));
        });
        for (Replay replay : List.of(second, later)) {
            assertThat(replay.counts().skipped()).containsExactly(Map.entry(SkipReason.ALREADY_REPLAYED, 1L));
        }
        assertThat(kafkaTopics.jobs(account)).isEmpty();
    }

    @Test
    void shouldSkipADeadLetterWhenALargerReplayTookItsSnapshotLongAgo() throws Exception {
        AccountId account = new AccountId("larger");
        Ended failed = kafkaTopics.failed(account, 1);
        kafkaTopics.publish(List.of(failed, kafkaTopics.failed(account, 2)));
        kafkaTopics.publishDead(Instant.now(), List.of(failed.job()));

        Replay all = ended(create(request(account, filter(), ReplayOverrides.NONE, null, false)));
        assertThat(kafkaTopics.jobs(account)).as("the snapshot, not the letter as well").hasSize(2);
        forgetJobs();
        Replay requeued = ended(create(request(account, only(failed.id()), ReplayOverrides.NONE, null, false)));
        Replay again = ended(create(request(account, only(failed.id()), ReplayOverrides.NONE, null, true)));

        assertThat(all.counts().submitted()).isEqualTo(2);
        assertThat(requeued.counts().skipped()).containsExactly(Map.entry(SkipReason.ALREADY_REPLAYED, 1L));
        assertThat(again.counts().submitted()).isEqualTo(1);
    }

    @Test
    void shouldNotRunADeadLetterAgainWhenItsDataAreGone() throws Exception {
        AccountId account = new AccountId("forgetful");
        Job old = kafkaTopics.job(account, 1);
        Job young = kafkaTopics.job(account, 2);
        kafkaTopics.publishDead(Instant.now().minus(61, ChronoUnit.MINUTES), List.of(old));
        kafkaTopics.publishDead(Instant.now().minus(59, ChronoUnit.MINUTES), List.of(young));
        Ended removed = kafkaTopics.failed(account, 3);
        kafkaTopics.publish(List.of(removed));
        kafkaTopics.publishRemoved(removed);
        kafkaTopics.publishDead(Instant.now(), List.of(removed.job()));

        Replay ended = ended(create(request(
                account, only(old.id(), young.id(), removed.id()), ReplayOverrides.NONE, null, false)));

        assertThat(ended.counts().skipped()).containsExactly(Map.entry(SkipReason.DATA_REMOVED, 2L));
        assertThat(kafkaTopics.jobs(account)).singleElement()
                .satisfies(job -> assertThat(job.replayOf().prediction()).isEqualTo(young.id()));
        DeadLetters letters = new DeadLetters(context);
        JsonNode shown = letters.find(account, old.id()).get().orElseThrow();
        assertThat(shown.path("data_removed").asBoolean()).isTrue();
        assertThat(shown.path("input")).isEmpty();
        assertThat(letters.find(account, young.id()).get().orElseThrow().path("input")).isEqualTo(young.input());
        letters.stop();
    }

    @Test
    void shouldLeaveALetterAloneWhenItsPredictionStillRuns() throws Exception {
        AccountId account = new AccountId("running");
        Job job = kafkaTopics.job(account, 1);
        kafkaTopics.publishRunning(job);
        kafkaTopics.publishDead(Instant.now(), List.of(job));

        Replay ended = ended(create(request(account, only(job.id()), ReplayOverrides.NONE, null, false)));

        assertThat(ended.counts().scanned()).isZero();
        assertThat(kafkaTopics.jobs(account)).isEmpty();
    }

    @Test
    void shouldHoldTheJobsOfADeploymentBackOnlyWhenItIsThere() throws Exception {
        AccountId account = DEPLOYMENT.owner();
        DeploymentName there = DEPLOYMENT;
        DeploymentName gone = new DeploymentName(account, "gone");
        kafkaTopics.publish(List.of(
                through(there, kafkaTopics.failed(account, 1)), through(there, kafkaTopics.failed(account, 2)),
                through(gone, kafkaTopics.failed(account, 3)), kafkaTopics.failed(account, 4)));

        Replay first = ended(create(request(account, filter(), ReplayOverrides.NONE, null, false)));
        List<Job> jobs = kafkaTopics.jobs(account);
        List<Job> held = kafkaTopics.held(account);
        Replay second = ended(create(request(account, filter(), ReplayOverrides.NONE, null, false)));
        ended(create(request(account, filter(), new ReplayOverrides(VERSION, null, null, null), null, true)));

        assertThat(first.counts().submitted()).isEqualTo(4);
        assertThat(held).hasSize(2).allSatisfy(job -> {
            assertThat(job.deployment()).isEqualTo(there);
            assertThat(context.topics().partitionOf(job.id())).isEqualTo(context.topics().partitionOf(there.toString()));
            assertThat(job.urls().get()).endsWith(job.id().value());
        });
        assertThat(jobs).extracting(Job::deployment).containsExactlyInAnyOrder(gone, null);
        assertThat(second.counts().skipped()).containsExactly(Map.entry(SkipReason.ALREADY_REPLAYED, 4L));
        assertThat(kafkaTopics.held(account)).as("another version is none of the deployment's").hasSize(2);
    }

    @Test
    void shouldHoldJobsBackAndKnowThemAgainWhenTheReplayIsOfLowPriority() throws Exception {
        AccountId account = new AccountId("low");
        kafkaTopics.publish(List.of(kafkaTopics.failed(account, 1), kafkaTopics.failed(account, 2)));
        ReplayOverrides low = new ReplayOverrides(null, null, null, Priority.LOW);

        ended(create(request(account, filter(), low, null, false)));
        Replay second = ended(create(request(account, filter(), low, null, false)));

        assertThat(kafkaTopics.held(account)).hasSize(2).extracting(Job::priority).containsOnly(Priority.LOW);
        assertThat(kafkaTopics.jobs(account)).as("nothing goes into the queue but through the lane").isEmpty();
        assertThat(second.counts().skipped()).containsExactly(Map.entry(SkipReason.ALREADY_REPLAYED, 2L));
    }

    private static Ended through(DeploymentName deployment, Ended ended) {
        return new Ended(Samples.through(ended.job(), deployment), ended.status(), ended.error());
    }

    // What time does to everything but the dead letters.
    private void forgetJobs() throws Exception {
        List<String> names = new ArrayList<>(context.topics().allRetries());
        names.add(context.topics().heldJobs());
        names.add(context.topics().predictions());
        try (Admin admin = context.kafka().admin("test")) {
            kafkaTopics.forget(admin, names);
        }
    }

    private static ReplayFilter only(PredictionId... ids) {
        return new ReplayFilter(List.of(), null, null, null, null, List.of(ids), null, null);
    }

    private static ReplayFilter filter() {
        return new ReplayFilter(List.of(), null, null, null, null, List.of(), null, null);
    }

    private static ReplayRequest request(
            AccountId account, ReplayFilter filter, ReplayOverrides overrides, @Nullable Double rate, boolean again) {
        Instant now = Instant.now();
        return new ReplayRequest(
                PredictionId.create(now, RANDOM), account, new ReplaySpec(filter, overrides, rate, again), now,
                "http://new.test");
    }

    private Replay create(ReplayRequest request) throws Exception {
        return switch (replays.create(request).get()) {
            case Reception.Accepted(Replay replay) -> replay;
            case Reception other -> throw new AssertionError(other);
        };
    }

    private Replay now(Replay replay) throws Exception {
        return replays.find(replay.request().account(), replay.request().id()).get().orElseThrow();
    }

    private Replay ended(Replay replay) {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).until(
                () -> now(replay), now -> now.status().isTerminal());
    }
}
