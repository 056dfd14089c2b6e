package dev.auspex.executor.app;

import static dev.auspex.executor.app.ExecutorHarness.echo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Executors as processes that are killed or stopped for a while. */
@ExtendWith(KafkaExtension.class)
@EnabledOnOs({OS.LINUX, OS.MAC})
class ExecutorProcessIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Map<String, String> SHORT_LOCK = Map.of("AUSPEX_EXECUTOR_LOCK", "2s");

    @TempDir
    Path folder;

    private ExecutorHarness harness;

    @BeforeEach
    void open(KafkaClients kafka, Topics topics) {
        harness = new ExecutorHarness(kafka, topics, folder.resolve("harness"));
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void shouldReportTheJobAtOnceWhenItsExecutorIsKilled() throws Exception {
        Job job = harness.job("echo", echo("killed", 600, 0));
        try (ExecutorProcess first = ExecutorProcess.start(harness, folder.resolve("first"), Map.of())) {
            harness.submit(job).get();
            awaitStart(job, first);
            GpuExecutor second = harness.start(Map.of());
            await().atMost(SOON).untilAsserted(() -> assertThat(second.problems()).isEmpty());
            long killed = System.nanoTime();
            first.kill();

            await().pollInterval(Duration.ofMillis(20)).atMost(SOON).untilAsserted(() -> assertThat(harness.bodies(job.id()))
                    .contains(new AttemptEvent.Redelivered(2)));

            // The lock of 2 s need not run out: the broken connection is enough. The margin is for a busy machine.
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(5));
            assertThat(harness.of(job.id())).filteredOn(event -> event.body() instanceof AttemptEvent.Started).hasSize(1);
        }
    }

    @Test
    void shouldNotRunTheJobAgainWhenTheProcessThatDiedOfItIsStartedAgain() throws Exception {
        Job job = harness.job("echo", echo("killer", 600, 0));
        Path data = folder.resolve("data");
        try (ExecutorProcess first = ExecutorProcess.start(harness, data, Map.of())) {
            harness.submit(job).get();
            awaitStart(job, first);
            first.kill();
        }
        // As it is after the broker, too, has died and forgotten: the record comes for the first time.
        harness.submit(job).get();
        try (ExecutorProcess again = ExecutorProcess.start(harness, data, Map.of())) {
            await().atMost(SOON).untilAsserted(() -> assertThat(harness.bodies(job.id()))
                    .as(again.output())
                    .filteredOn(AttemptEvent.Redelivered.class::isInstance)
                    .hasSize(2)
                    .contains(new AttemptEvent.Redelivered(1)));
            assertThat(harness.of(job.id())).filteredOn(event -> event.body() instanceof AttemptEvent.Started).hasSize(1);
        }
    }

    @Test
    void shouldEndOnceWithCleanOutputWhenAnExecutorIsStoppedPastItsLockAndGoesOn() throws Exception {
        Job job = harness.job("echo", echo("a b c d ", 6, 4));
        try (ExecutorProcess stopped = ExecutorProcess.start(harness, folder.resolve("first"), SHORT_LOCK)) {
            harness.submit(job).get();
            awaitStart(job, stopped);
            AttemptId first = harness.of(job.id()).getFirst().attempt();
            GpuExecutor second = harness.start(Map.of());
            await().atMost(SOON).untilAsserted(() -> assertThat(second.problems()).isEmpty());
            stopped.signal("STOP");
            await().atMost(SOON).untilAsserted(() -> assertThat(harness.bodies(job.id()))
                    .contains(new AttemptEvent.Redelivered(2)));

            stopped.signal("CONT");

            await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(job.id())).hasSize(1));
            AttemptEvent last = harness.of(job.id()).getLast();
            assertThat(last.attempt()).as("nobody ran it a second time").isEqualTo(first);
            AttemptEvent.Succeeded end = (AttemptEvent.Succeeded) last.body();
            assertThat(end.output()).extracting(JsonNode::asText).containsExactly("a ", "b ", "c ", "d ");
        }
    }

    private void awaitStart(Job job, ExecutorProcess process) {
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.bodies(job.id()))
                .as(process.output())
                .anyMatch(AttemptEvent.Started.class::isInstance));
    }
}
