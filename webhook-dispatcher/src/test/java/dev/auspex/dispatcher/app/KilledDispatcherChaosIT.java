package dev.auspex.dispatcher.app;

import static dev.auspex.protocol.WebhookEvent.COMPLETED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.domain.OpenOffsets;
import dev.auspex.dispatcher.testing.DispatcherUnderTest;
import dev.auspex.dispatcher.testing.Receiver;
import dev.auspex.dispatcher.testing.Receiver.Received;
import dev.auspex.dispatcher.testing.Results;
import dev.auspex.dispatcher.testing.Snapshots;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A dispatcher process of its own that is killed without warning, amid deliveries. */
@ExtendWith(KafkaExtension.class)
class KilledDispatcherChaosIT {

    private static final int SETTLED = 150;
    private static final int UNDER_WAY = 200;
    private static final int HANGING = 10;

    private final Vertx vertx = Vertx.vertx();
    private final Receiver receiver = new Receiver(vertx).script((request, response) ->
            Vertx.currentContext().owner().setTimer(5, timer -> response.end()));
    private Process process;

    @AfterEach
    void close() {
        if (process != null) {
            process.destroyForcibly();
        }
        receiver.close();
        vertx.close().await();
    }

    @Test
    void shouldLoseNothingAndRepeatOnlyUnderTheSameIdWhenKilled(KafkaClients kafka, Topics topics, @TempDir Path data)
            throws Exception {
        Map<String, PredictionId> expected = new HashMap<>();
        try (Receiver hanging = new Receiver(vertx); Snapshots snapshots = new Snapshots(kafka, topics);
                Results results = new Results(kafka, topics)) {
            hanging.script(Receiver.hang());
            process = dispatcher(kafka, topics, data);
            for (int i = 0; i < HANGING; i++) {
                write(snapshots.story(hanging.url("/hang")), expected);
            }
            for (int i = 0; i < SETTLED; i++) {
                write(snapshots.story(receiver.url("/settled")), expected);
            }
            eventually(() -> assertThat(receiver.received("/settled")).hasSize(SETTLED));
            eventually(() -> assertThat(openOffsets(kafka, topics)).isBetween(0, HANGING));
            for (int i = 0; i < UNDER_WAY; i++) {
                write(snapshots.story(receiver.url("/under-way")), expected);
            }
            eventually(() -> assertThat(receiver.received("/under-way")).hasSizeGreaterThan(UNDER_WAY / 4));
            process.destroyForcibly().waitFor();

            int hung = hanging.received().size();
            hanging.script(Receiver.status(200));
            process = dispatcher(kafka, topics, data);
            eventually(() -> {
                Map<String, PredictionId> missing = new HashMap<>(expected);
                Stream.concat(receiver.received().stream(), hanging.received().stream().skip(hung))
                        .forEach(one -> missing.remove(one.text()));
                assertThat(missing).as(() -> "results of the missing: "
                        + missing.values().stream().map(results::of).toList()).isEmpty();
            });
            assertThat(receiver.received().stream().collect(Collectors.groupingBy(Received::text)).values())
                    .allSatisfy(copies -> assertThat(copies).extracting(Received::id).containsOnly(copies.getFirst().id()));
            // Although the hanging ones held the committed offset back, what was settled after them was not repeated.
            assertThat(receiver.received("/settled")).hasSize(SETTLED);
        }
    }

    // Records that a dispatcher which starts now would read again; -1 while not even that is committed.
    private static int openOffsets(KafkaClients kafka, Topics topics) throws Exception {
        try (Admin admin = kafka.admin("test-offsets")) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(topics.group("dispatcher"))
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int partition = 0; partition < topics.settings().partitions(); partition++) {
                ends.put(new TopicPartition(topics.predictions(), partition), OffsetSpec.latest());
            }
            int open = 0;
            for (var end : admin.listOffsets(ends).all().get().entrySet()) {
                OffsetAndMetadata committed = offsets.get(end.getKey());
                if (committed == null) {
                    return -1;
                }
                OpenOffsets read = OpenOffsets.decode(committed.offset(), committed.metadata());
                open += read.open().size() + Math.toIntExact(end.getValue().offset() - read.limit());
            }
            return open;
        }
    }

    private static void write(Snapshots.Story story, Map<String, PredictionId> expected) {
        expected.put(story.write(COMPLETED), story.id());
    }

    private static Process dispatcher(KafkaClients kafka, Topics topics, Path data) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Xmx256m",
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                DispatcherMain.class.getName());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AUSPEX_"));
        environment.put("AUSPEX_MODE", "development");
        environment.put("AUSPEX_KAFKA", kafka.bootstrapServers());
        environment.put("AUSPEX_DATA", data.toString());
        environment.put("AUSPEX_SECRET", DispatcherUnderTest.SECRET);
        environment.put("AUSPEX_TOPICS_PREFIX", topics.settings().prefix());
        environment.put("AUSPEX_TOPICS_PARTITIONS", Integer.toString(topics.settings().partitions()));
        environment.put("AUSPEX_HARDWARE_CLASSES", "cpu,gpu-h100");
        environment.put("AUSPEX_WEBHOOK_ALLOW", "127.0.0.0/8");
        environment.put("AUSPEX_WEBHOOK_SCHEDULE", "500ms,1s,2s,5s,10s");
        environment.put("AUSPEX_DISPATCHER_PORT", "0");
        environment.put("AUSPEX_DISPATCHER_ENDPOINT_CONCURRENCY", "4");
        return builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/dispatcher-under-test.log"))).start();
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
    }
}
