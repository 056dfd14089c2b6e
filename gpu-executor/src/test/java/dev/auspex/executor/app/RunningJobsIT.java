package dev.auspex.executor.app;

import static dev.auspex.executor.app.ExecutorHarness.ACCOUNT;
import static dev.auspex.executor.app.ExecutorHarness.echo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a job while it runs: on one executor, with a job that runs through all of the tests. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RunningJobsIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private ExecutorHarness harness;
    private PredictionId silent;

    @BeforeAll
    void open(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        harness = new ExecutorHarness(kafka, topics, data);
        harness.start(Map.of("executor.slots", "4"));
        silent = harness.submit("echo", echo("long", 7.5, 0));
    }

    @AfterAll
    void close() throws Exception {
        harness.close();
    }

    @Test
    void shouldStopAJobByItselfWhenItsDeadlineOrRunLimitComes() throws Exception {
        PredictionId warm = harness.submit("echo", echo("warm", 0, 0));
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(warm)).hasSize(1));
        Job deadline = harness.echoJob(echo("x", 600, 0), Instant.now().plusSeconds(2), JobLimits.DEFAULT);
        Job limited = harness.echoJob(
                echo("x", 600, 0), Instant.now().plusSeconds(600), new JobLimits(3, null, Duration.ofSeconds(1), false));
        harness.submit(deadline);
        harness.submit(limited);

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(harness.ends(deadline.id())).hasSize(1);
            assertThat(harness.ends(limited.id())).hasSize(1);
        });
        assertThat(harness.ends(deadline.id()).getFirst()).isInstanceOf(AttemptEvent.Canceled.class);
        assertThat(harness.ends(deadline.id()).getFirst().startedAt()).isNotNull();
        AttemptEvent.Failed failed = (AttemptEvent.Failed) harness.ends(limited.id()).getFirst();
        assertThat(failed.error()).isEqualTo("the prediction ran longer than 1 s");
        assertThat(failed.retryable()).isFalse();
        assertThat(failed.metrics().get("predict_time").asDouble()).isBetween(1.0, 3.0);
    }

    @Test
    void shouldRunAJobOnceWhenItIsHandedOutAgainWhileItRunsHere() throws Exception {
        Job job = harness.job("echo", echo("once", 600, 0));
        harness.submit(job).get();
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.of(job.id())).isNotEmpty());

        // What a broker that has lost its memory does: the same record, for the first time as far as it knows.
        harness.submit(job).get();
        PredictionId next = harness.submit("echo", echo("behind it", 0, 0));

        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(next)).hasSize(1));
        harness.cancel(job.id(), ACCOUNT);
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(job.id())).hasSize(1));
        assertThat(harness.of(job.id())).extracting(AttemptEvent::attempt).containsOnly(harness.of(job.id()).getFirst().attempt());
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void shouldSayThatAJobStillRunsWhenTheModelIsSilent() throws Exception {
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(silent)).hasSize(1));

        assertThat(harness.bodies(silent).stream().filter(AttemptEvent.Renewed.class::isInstance)).hasSizeBetween(2, 3);
    }
}
