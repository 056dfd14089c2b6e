package dev.auspex.executor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.broker.EmbeddedBroker;
import dev.auspex.executor.kafka.SlotLogs;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicInstaller;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker of its own that is away for longer than the lock of a job that runs. */
class CutOffIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void shouldRunAJobOnceWhenNoBrokerIsThereForTheTimeOfALock() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        TestModel slow = TestModel.of("slow", (input, context) -> {
            runs.incrementAndGet();
            begun.countDown();
            finish.await();
            return "done";
        });
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"));
        try {
            KafkaClients kafka = new KafkaClients(broker.bootstrapServers());
            Topics topics = new Topics(new TopicSettings(
                    "", 1, (short) 1, Duration.ofDays(1), List.of(new HardwareClass("cpu"))));
            new TopicInstaller(kafka, topics).start();
            try (SlotLogs logs = new SlotLogs();
                    ExecutorHarness harness = new ExecutorHarness(kafka, topics, folder.resolve("data"))) {
                harness.start(Map.of("executor.lock", "2s", "executor.slots", "1"), slow);
                Job job = harness.job(new Runner.Builtin("slow"), Json.object());
                harness.submit(job).get();
                begun.await();

                broker.close();
                await().atMost(SOON).until(() -> logs.contains("no broker for the time of a lock"));
                broker = EmbeddedBroker.start(folder.resolve("kafka"));
                finish.countDown();

                await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(job.id()))
                        .singleElement()
                        .isInstanceOf(AttemptEvent.Succeeded.class));
                // The slot goes on, and has been handed the first job again before this one.
                Job next = harness.job(new Runner.Builtin("slow"), Json.object());
                harness.submit(next).get();
                await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(next.id())).hasSize(1));
                assertThat(runs).as("one run for each").hasValue(2);
                assertThat(harness.ends(job.id())).hasSize(1);
            }
        } finally {
            broker.close();
        }
    }
}
