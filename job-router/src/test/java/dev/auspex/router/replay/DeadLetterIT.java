package dev.auspex.router.replay;

import static dev.auspex.router.replay.RunningReplays.filter;
import static dev.auspex.router.replay.RunningReplays.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.replay.Replay;
import dev.auspex.protocol.replay.ReplayFilter;
import dev.auspex.protocol.replay.ReplayOverrides;
import dev.auspex.protocol.replay.SkipReason;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.replay.ReplayTopics.Ended;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of dead letters, for as long as they are kept: each test has an account of its own. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadLetterIT {

    private final RunningReplays running;

    DeadLetterIT(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        this.running = new RunningReplays(kafka, topics, data);
    }

    @BeforeAll
    void start() {
        running.replays.start();
    }

    @AfterAll
    void stop() throws Exception {
        running.close();
    }

    @Test
    void shouldRequeueOnceFromTheDeadLetterWhenNothingElseIsLeft() throws Exception {
        AccountId account = new AccountId("letters");
        Job job = running.topics.job(account, 1);
        Job other = running.topics.job(account, 2);
        running.topics.publishDead(Instant.now(), List.of(job, other));
        running.topics.publishDead(Instant.now(), List.of(running.topics.job(new AccountId("stranger"), 3)));
        ReplayFilter wanted = only(job.id());

        DryRunReport report = running.replays.dryRun(request(account, wanted, ReplayOverrides.NONE, null, false)).get();
        Replay first = running.run(request(account, wanted, ReplayOverrides.NONE, null, false));
        List<Job> submitted = running.topics.jobs(account);
        Replay second = running.run(request(account, wanted, ReplayOverrides.NONE, null, false));
        forgetJobs();
        Replay later = running.run(request(account, wanted, ReplayOverrides.NONE, null, false));

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
        assertThat(running.topics.jobs(account)).isEmpty();
    }

    @Test
    void shouldSkipADeadLetterWhenALargerReplayTookItsSnapshotLongAgo() throws Exception {
        AccountId account = new AccountId("larger");
        Ended failed = running.topics.failed(account, 1);
        running.topics.publish(List.of(failed, running.topics.failed(account, 2)));
        running.topics.publishDead(Instant.now(), List.of(failed.job()));

        Replay all = running.run(request(account, filter(), ReplayOverrides.NONE, null, false));
        assertThat(running.topics.jobs(account)).as("the snapshot, not the letter as well").hasSize(2);
        forgetJobs();
        Replay requeued = running.run(request(account, only(failed.id()), ReplayOverrides.NONE, null, false));
        Replay again = running.run(request(account, only(failed.id()), ReplayOverrides.NONE, null, true));

        assertThat(all.counts().submitted()).isEqualTo(2);
        assertThat(requeued.counts().skipped()).containsExactly(Map.entry(SkipReason.ALREADY_REPLAYED, 1L));
        assertThat(again.counts().submitted()).isEqualTo(1);
    }

    @Test
    void shouldNotRunADeadLetterAgainWhenItsDataAreGone() throws Exception {
        AccountId account = new AccountId("forgetful");
        Job old = running.topics.job(account, 1);
        Job young = running.topics.job(account, 2);
        running.topics.publishDead(Instant.now().minus(61, ChronoUnit.MINUTES), List.of(old));
        running.topics.publishDead(Instant.now().minus(59, ChronoUnit.MINUTES), List.of(young));
        Ended removed = running.topics.failed(account, 3);
        running.topics.publish(List.of(removed));
        running.topics.publishRemoved(removed);
        running.topics.publishDead(Instant.now(), List.of(removed.job()));

        Replay ended = running.run(request(
                account, only(old.id(), young.id(), removed.id()), ReplayOverrides.NONE, null, false));

        assertThat(ended.counts().skipped()).containsExactly(Map.entry(SkipReason.DATA_REMOVED, 2L));
        assertThat(running.topics.jobs(account)).singleElement()
                .satisfies(job -> assertThat(job.replayOf().prediction()).isEqualTo(young.id()));
        DeadLetters letters = new DeadLetters(running.context);
        JsonNode shown = letters.find(account, old.id()).get().orElseThrow();
        assertThat(shown.path("data_removed").asBoolean()).isTrue();
        assertThat(shown.path("input")).isEmpty();
        assertThat(letters.find(account, young.id()).get().orElseThrow().path("input")).isEqualTo(young.input());
        letters.stop();
    }

    @Test
    void shouldLeaveALetterAloneWhenItsPredictionStillRuns() throws Exception {
        AccountId account = new AccountId("running");
        Job job = running.topics.job(account, 1);
        running.topics.publishRunning(job);
        running.topics.publishDead(Instant.now(), List.of(job));

        Replay ended = running.run(request(account, only(job.id()), ReplayOverrides.NONE, null, false));

        assertThat(ended.counts().scanned()).isZero();
        assertThat(running.topics.jobs(account)).isEmpty();
    }

    // What time does to everything but the dead letters.
    private void forgetJobs() throws Exception {
        List<String> names = new ArrayList<>(running.context.topics().allRetries());
        names.add(running.context.topics().heldJobs());
        names.add(running.context.topics().predictions());
        try (Admin admin = running.context.kafka().admin("test")) {
            running.topics.forget(admin, names);
        }
    }

    private static ReplayFilter only(PredictionId... ids) {
        return new ReplayFilter(List.of(), null, null, null, null, List.of(ids), null, null);
    }
}
