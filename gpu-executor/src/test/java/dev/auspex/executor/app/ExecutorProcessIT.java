package dev.auspex.executor.app;

import static dev.auspex.executor.app.ExecutorHarness.echo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.executor.builtin.TestJar;
import dev.auspex.executor.journal.Journal;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ExitCodes;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
    void shouldReportTheJobAtOnceAndLeaveWordOfItWhenItsExecutorIsKilled() throws Exception {
        Job job = harness.job("echo", echo("killed", 600, 0));
        Path data = folder.resolve("first");
        try (ExecutorProcess first = ExecutorProcess.start(harness, data, Map.of())) {
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
        try (Journal next = Journal.open(data.resolve("journal"), 1, Instant.EPOCH)) {
            assertThat(next.hasDied(job)).isTrue();
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

    @Test
    void shouldEndWithTheCodeThatAsksForAnotherStartWhenAModelDoesNotStop() throws Exception {
        Path data = folder.resolve("data");
        Path models = Files.createDirectories(data.resolve("models"));
        TestJar.model(
                models.resolve("stubborn.jar"), "stubborn", "\"Never stops.\"",
                "while (true) { java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000L); }", Map.of());
        Job job = harness.job(new Runner.Builtin("stubborn"), Json.object());
        try (ExecutorProcess first = ExecutorProcess.start(
                harness, data, Map.of("AUSPEX_EXECUTOR_CANCEL_GRACE", "500ms"))) {
            harness.submit(job).get();
            awaitStart(job, first);
            AttemptId attempt = harness.of(job.id()).getFirst().attempt();

            harness.cancel(job.id(), ExecutorHarness.ACCOUNT);

            assertThat(first.awaitExit()).as(first.output()).isEqualTo(ExitCodes.RESTART);
            assertThat(harness.ends(job.id())).as("while the process lived it was not true").isEmpty();
            harness.start(Map.of("data", data.toString(), "executor.slots", "1"));
            await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(job.id())).hasSize(1));
            assertThat(harness.of(job.id()).getLast().attempt()).isEqualTo(attempt);
            assertThat(harness.ends(job.id()).getFirst()).isInstanceOf(AttemptEvent.Canceled.class);
        }
    }

    private void awaitStart(Job job, ExecutorProcess process) {
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.bodies(job.id()))
                .as(process.output())
                .anyMatch(AttemptEvent.Started.class::isInstance));
    }
}
