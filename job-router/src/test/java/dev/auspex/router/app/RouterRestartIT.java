package dev.auspex.router.app;

import static dev.auspex.router.Samples.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.RouterHarness;
import dev.auspex.router.Samples;
import dev.auspex.router.Sender;
import dev.auspex.router.SnapshotReader;
import dev.auspex.router.SnapshotReader.Snapshot;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
class RouterRestartIT {

    private final Random random = new Random(11);

    @Test
    void shouldGoOnWhereItWasWhenItIsStartedAgain(KafkaClients kafka, Topics topics, @TempDir Path data)
            throws Exception {
        PredictionId id = PredictionId.create(Instant.now(), random);
        try (RouterHarness router = RouterHarness.ready(kafka, topics, data)) {
            router.submit(Samples.job(ACCOUNT, id, id.createdAt(), null));
            router.report(event(id, new AttemptEvent.Started()));
            router.report(event(id, Samples.output(0, "a")));
            await().untilAsserted(() -> assertThat(router.get(ACCOUNT, id, "").body()).contains("\"output\":[\"a\"]"));
        }
        long begin = System.nanoTime();
        try (RouterHarness router = RouterHarness.ready(kafka, topics, data)) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));
            assertThat(router.get(ACCOUNT, id, "").body()).contains("\"output\":[\"a\"]");
            router.report(event(id, Samples.output(1, "b")));
            router.report(event(id, Samples.succeeded(id.createdAt(), "ab")));
            assertThat(router.get(ACCOUNT, id, "?wait_ms=10000").headers().firstValue("auspex-status"))
                    .hasValue("succeeded");
        }
        deleteRecursively(data.resolve("router"));
        try (RouterHarness router = RouterHarness.ready(kafka, topics, data)) {
            HttpResponse<String> read = router.get(ACCOUNT, id, "");
            assertThat(read.statusCode()).as("rebuilt from the topics").isEqualTo(200);
            assertThat(read.headers().firstValue("auspex-sequence")).hasValue("2");
        }
    }

    @Test
    void shouldPublishEverySnapshotOnceWhenItIsKilled(KafkaClients kafka, Topics topics, @TempDir Path data)
            throws Exception {
        List<PredictionId> ids = new ArrayList<>();
        Process killed = startProcess(kafka, topics, data.resolve("killed"));
        try (Sender sender = new Sender(kafka, topics);
                SnapshotReader snapshots = new SnapshotReader(kafka, topics)) {
            try {
                submit(sender, ids, 50);
                await().atMost(Duration.ofSeconds(90))
                        .untilAsserted(() -> assertThat(ended(snapshots, ids)).isGreaterThan(0));
                submit(sender, ids, 500);
            } finally {
                killed.destroyForcibly().waitFor();
            }
            submit(sender, ids, 50);
            Process again = startProcess(kafka, topics, data.resolve("killed"));
            try {
                await().atMost(Duration.ofSeconds(90))
                        .untilAsserted(() -> assertThat(ended(snapshots, ids)).isEqualTo(ids.size()));
            } finally {
                again.destroyForcibly().waitFor();
            }
            Map<PredictionId, List<Snapshot>> seen = snapshots.poll();
            for (PredictionId id : ids) {
                assertThat(seen.get(id))
                        .extracting(it -> it.headers().sequence())
                        .as("snapshots of %s", id)
                        .containsExactly(0L, 1L, 2L);
            }
        }
    }

    private void submit(Sender sender, List<PredictionId> ids, int count) {
        for (int i = 0; i < count; i++) {
            PredictionId id = PredictionId.create(Instant.now(), random);
            ids.add(id);
            sender.job(Samples.job(ACCOUNT, id, id.createdAt(), null));
            sender.event(event(id, Samples.succeeded(id.createdAt(), "done")));
        }
    }

    private static long ended(SnapshotReader snapshots, List<PredictionId> ids) throws IOException {
        Map<PredictionId, List<Snapshot>> seen = snapshots.poll();
        return ids.stream()
                .filter(id -> seen.containsKey(id)
                        && seen.get(id).getLast().headers().status().isTerminal())
                .count();
    }

    private static Process startProcess(KafkaClients kafka, Topics topics, Path data) throws IOException {
        ProcessBuilder process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m",
                "-cp", System.getProperty("java.class.path"), RouterMain.class.getName());
        RouterHarness.settings(kafka, topics, data, Map.of("mode", "development")).forEach((key, value) -> process.environment()
                .put("AUSPEX_" + key.replace('.', '_').toUpperCase(Locale.ROOT), value));
        return process.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static AttemptEvent event(PredictionId id, AttemptEvent.Body body) {
        return new AttemptEvent(
                id, ACCOUNT, Samples.attempt(1), Samples.EXECUTOR, id.createdAt().plusSeconds(2), body);
    }

    private static void deleteRecursively(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }
}
