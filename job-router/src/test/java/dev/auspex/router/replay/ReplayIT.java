package dev.auspex.router.replay;

import static dev.auspex.router.replay.ReplayTopics.H100;
import static dev.auspex.router.replay.ReplayTopics.PAINTER;
import static dev.auspex.router.replay.ReplayTopics.VERSION;
import static dev.auspex.router.replay.RunningReplays.filter;
import static dev.auspex.router.replay.RunningReplays.request;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.auspex.router.Samples;
import dev.auspex.router.replay.ReplayTopics.Ended;
import dev.auspex.router.replay.Replays.Reception;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What replays do, seen from outside: each test has an account of its own. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayIT {

    private static final DeploymentName DEPLOYMENT = new DeploymentName(new AccountId("deployed"), "there");

    private final RunningReplays running;

    ReplayIT(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        this.running = new RunningReplays(kafka, topics, data);
    }

    @BeforeAll
    void start() {
        running.topics.publishDeployment(DEPLOYMENT); // the catalogue is read before anything is replayed
        running.replays.start();
    }

    @AfterAll
    void stop() throws Exception {
        running.close();
    }

    @Test
    void shouldSubmitEveryFailedPredictionOnceWhenReplayed() throws Exception {
        AccountId account = new AccountId("all");
        List<Ended> failed = running.topics.failed(account, 3_000, 0);
        List<Ended> others = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            others.add(running.topics.succeeded(account, 10_000 + i));
        }
        others.addAll(running.topics.failed(new AccountId("stranger"), 500, 0));
        running.topics.publish(failed);
        running.topics.publish(others);
        running.topics.publishRunning(running.topics.job(account, 20_000));

        Replay ended = running.run(request(account, filter(), ReplayOverrides.NONE, null, false));

        assertThat(ended.status()).isEqualTo(PredictionStatus.SUCCEEDED);
        assertThat(ended.progress()).isEqualTo(1);
        assertThat(ended.counts().scanned()).isEqualTo(5_000);
        assertThat(ended.counts().skipped()).isEmpty();
        assertThat(ended.counts().matched()).isEqualTo(3_000);
        assertThat(ended.counts().submitted()).isEqualTo(3_000);
        List<Job> jobs = running.topics.jobs(account);
        assertThat(jobs).extracting(job -> job.replayOf().prediction())
                .containsExactlyInAnyOrderElementsOf(failed.stream().map(Ended::id).toList());
        assertThat(jobs).extracting(Job::id).doesNotHaveDuplicates();
        assertThat(running.topics.jobs(new AccountId("stranger"))).isEmpty();
    }

    @Test
    void shouldBeTheSameJobAnewWhenItIsReplayed() throws Exception {
        AccountId account = new AccountId("same");
        Ended failed = running.topics.failed(account, 7);
        running.topics.publish(List.of(failed));
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        Replay ended = running.run(request(account, filter(), ReplayOverrides.NONE, null, false));

        Job job = running.topics.jobs(account).getFirst();
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
        running.topics.publish(List.of(running.topics.failed(account, 1)));
        HardwareClass cpu = new HardwareClass("cpu");

        running.run(request(account, filter(), new ReplayOverrides(VERSION, cpu, false, null), null, false));
        Replay unknown = running.run(request(
                account, filter(), new ReplayOverrides(new VersionId("0".repeat(64)), null, null, null), null, true));

        assertThat(running.topics.jobs(account)).singleElement().satisfies(job -> {
            assertThat(job.hardware()).isEqualTo(cpu);
            assertThat(job.webhook()).isNull();
        });
        assertThat(unknown.counts().skipped()).containsExactly(Map.entry(SkipReason.VERSION_UNKNOWN, 1L));
    }

    @Test
    void shouldSkipWhatWasReplayedBeforeWhenNotAskedAgain() throws Exception {
        AccountId account = new AccountId("twice");
        running.topics.publish(running.topics.failed(account, 20, 0));

        running.run(request(account, filter(), ReplayOverrides.NONE, null, false));
        running.topics.publish(running.topics.failed(account, 5, 100));
        Replay second = running.run(request(account, filter(), ReplayOverrides.NONE, null, false));
        Replay again = running.run(request(account, filter(), ReplayOverrides.NONE, null, true));

        assertThat(second.counts().submitted()).isEqualTo(5);
        assertThat(second.counts().skipped()).containsExactly(Map.entry(SkipReason.ALREADY_REPLAYED, 20L));
        assertThat(again.counts().submitted()).isEqualTo(25);
        assertThat(running.topics.jobs(account)).hasSize(50).extracting(Job::id).doesNotHaveDuplicates();
    }

    @Test
    void shouldSubmitOnceWhenTwoReplaysAreAskedForTogether() throws Exception {
        AccountId account = new AccountId("together");
        running.topics.publish(running.topics.failed(account, 400, 0));

        Replay slow = running.create(request(account, filter(), ReplayOverrides.NONE, 400.0, false));
        Replay quick = running.create(request(account, filter(), ReplayOverrides.NONE, null, false));
        Replay first = running.ended(slow);
        Replay second = running.ended(quick);

        assertThat(first.counts().submitted() + second.counts().submitted()).isEqualTo(400);
        assertThat(running.topics.jobs(account)).hasSize(400);
    }

    @Test
    void shouldSkipWithAReasonWhenNothingIsLeftToSubmit() throws Exception {
        AccountId account = new AccountId("reasons");
        List<Ended> failed = running.topics.failed(account, 3, 0);
        running.topics.publish(failed);
        running.topics.publishRemoved(failed.getFirst());
        running.topics.publishBody(running.topics.failed(account, 3), "{\"id\":");
        running.topics.publishBody(running.topics.failed(account, 4),
                "{\"model\":\"acme/gone\",\"version\":\"" + VERSION + "\",\"input\":{},\"error\":\"x\"}");

        Replay ended = running.run(request(account, filter(), ReplayOverrides.NONE, null, false));

        assertThat(ended.counts().scanned()).isEqualTo(5);
        assertThat(ended.counts().submitted()).isEqualTo(2);
        assertThat(ended.counts().skipped()).containsExactlyInAnyOrderEntriesOf(Map.of(
                SkipReason.DATA_REMOVED, 1L, SkipReason.UNREADABLE, 1L, SkipReason.MODEL_UNKNOWN, 1L));
    }

    @Test
    void shouldCreateNothingWhenItIsADryRun() throws Exception {
        AccountId account = new AccountId("dry");
        running.topics.publish(running.topics.failed(account, 30, 0));
        running.topics.publish(List.of(running.topics.succeeded(account, 100)));

        DryRunReport report =
                running.replays.dryRun(request(account, filter(), ReplayOverrides.NONE, null, false)).get();

        assertThat(report.complete()).isTrue();
        assertThat(report.counts().scanned()).isEqualTo(31);
        assertThat(report.counts().submitted()).isEqualTo(30);
        assertThat(report.groups().byModel()).isEqualTo(Map.of("acme/painter", 30L));
        assertThat(report.groups().byStatus()).isEqualTo(Map.of("failed", 30L));
        assertThat(report.groups().byError()).isEqualTo(Map.of("CUDA out of memory: tried 7 GiB", 30L));
        assertThat(report.samples()).hasSize(10);
        assertThat(running.topics.jobs(account)).isEmpty();
        assertThat(running.replays.list(account).get()).isEmpty();
    }

    @Test
    void shouldStopSubmittingWhenCanceled() throws Exception {
        AccountId account = new AccountId("stopped");
        running.topics.publish(running.topics.failed(account, 1_000, 0));
        Replay replay = running.create(request(account, filter(), ReplayOverrides.NONE, 40.0, false));
        Awaitility.await().untilAsserted(() ->
                assertThat(running.now(replay).counts().submitted()).isPositive());

        Replay canceled = running.replays.cancel(account, replay.request().id()).get().orElseThrow();

        assertThat(canceled.status()).isEqualTo(PredictionStatus.CANCELED);
        assertThat(canceled.completedAt()).isNotNull();
        assertThat(canceled.counts().submitted()).isLessThan(1_000);
        assertThat(running.topics.jobs(account)).hasSize((int) canceled.counts().submitted());
        assertThat(running.replays.cancel(new AccountId("stranger"), replay.request().id()).get()).isEmpty();
    }

    @Test
    void shouldKeepToItsRateWhenItHasOne() throws Exception {
        AccountId account = new AccountId("slow");
        running.topics.publish(running.topics.failed(account, 300, 0));

        Replay ended = running.run(request(account, filter(), ReplayOverrides.NONE, 100.0, false));

        // The first quarter of a second's jobs go at once.
        assertThat(Duration.between(ended.startedAt(), ended.completedAt())).isGreaterThanOrEqualTo(Duration.ofMillis(2_600));
        assertThat(running.topics.jobs(account)).hasSize(300);
    }

    @Test
    void shouldBeOneReplayWhenTheSameRequestComesTwice() throws Exception {
        AccountId account = new AccountId("repeated");
        running.topics.publish(running.topics.failed(account, 10, 0));
        ReplayRequest request = request(account, filter(), ReplayOverrides.NONE, null, true);
        ReplayRequest later = new ReplayRequest(
                request.id(), account, request.spec(), request.createdAt().plusSeconds(1), request.baseUrl());
        ReplayRequest other = new ReplayRequest(
                request.id(), account, new ReplaySpec(filter(), ReplayOverrides.NONE, 1.0, true), Instant.now(), "");

        running.run(request);

        assertThat(running.create(later).request()).isEqualTo(request);
        assertThat(running.replays.create(other).get()).isInstanceOf(Reception.Conflicting.class);
        assertThat(running.replays.list(account).get()).hasSize(1);
        assertThat(running.topics.jobs(account)).hasSize(10);
    }

    @Test
    void shouldTakeOnlyTheseWhenIdsAreGiven() throws Exception {
        AccountId account = new AccountId("ids");
        List<Ended> failed = running.topics.failed(account, 50, 0);
        running.topics.publish(failed);
        List<PredictionId> wanted = List.of(failed.get(3).id(), failed.get(31).id());
        ReplayFilter filter = new ReplayFilter(
                List.of(), null, null, null, null, wanted, null, null);

        running.run(request(account, filter, ReplayOverrides.NONE, null, false));

        assertThat(running.topics.jobs(account).stream()
                        .map(job -> job.replayOf().prediction())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void shouldHoldTheJobsOfADeploymentBackOnlyWhenItIsThere() throws Exception {
        AccountId account = DEPLOYMENT.owner();
        DeploymentName there = DEPLOYMENT;
        DeploymentName gone = new DeploymentName(account, "gone");
        running.topics.publish(List.of(
                through(there, running.topics.failed(account, 1)), through(there, running.topics.failed(account, 2)),
                through(gone, running.topics.failed(account, 3)), running.topics.failed(account, 4)));

        Replay first = running.run(request(account, filter(), ReplayOverrides.NONE, null, false));
        List<Job> jobs = running.topics.jobs(account);
        List<Job> held = running.topics.held(account);
        Replay second = running.run(request(account, filter(), ReplayOverrides.NONE, null, false));
        running.run(request(account, filter(), new ReplayOverrides(VERSION, null, null, null), null, true));

        assertThat(first.counts().submitted()).isEqualTo(4);
        assertThat(held).hasSize(2).allSatisfy(job -> {
            assertThat(job.deployment()).isEqualTo(there);
            assertThat(running.context.topics().partitionOf(job.id()))
                    .isEqualTo(running.context.topics().partitionOf(there.toString()));
            assertThat(job.urls().get()).endsWith(job.id().value());
        });
        assertThat(jobs).extracting(Job::deployment).containsExactlyInAnyOrder(gone, null);
        assertThat(second.counts().skipped()).containsExactly(Map.entry(SkipReason.ALREADY_REPLAYED, 4L));
        assertThat(running.topics.held(account)).as("another version is none of the deployment's").hasSize(2);
    }

    @Test
    void shouldHoldJobsBackAndKnowThemAgainWhenTheReplayIsOfLowPriority() throws Exception {
        AccountId account = new AccountId("low");
        running.topics.publish(running.topics.failed(account, 2, 0));
        ReplayOverrides low = new ReplayOverrides(null, null, null, Priority.LOW);

        running.run(request(account, filter(), low, null, false));
        Replay second = running.run(request(account, filter(), low, null, false));

        assertThat(running.topics.held(account)).hasSize(2).extracting(Job::priority).containsOnly(Priority.LOW);
        assertThat(running.topics.jobs(account)).as("nothing goes into the queue but through the lane").isEmpty();
        assertThat(second.counts().skipped()).containsExactly(Map.entry(SkipReason.ALREADY_REPLAYED, 2L));
    }

    private static Ended through(DeploymentName deployment, Ended ended) {
        return new Ended(Samples.through(ended.job(), deployment), ended.status(), ended.error());
    }
}
