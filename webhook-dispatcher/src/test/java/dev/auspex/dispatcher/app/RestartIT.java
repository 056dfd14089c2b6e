package dev.auspex.dispatcher.app;

import static dev.auspex.protocol.WebhookEvent.COMPLETED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.testing.DispatcherUnderTest;
import dev.auspex.dispatcher.testing.Receiver;
import dev.auspex.dispatcher.testing.Receiver.Received;
import dev.auspex.dispatcher.testing.Snapshots;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
class RestartIT {

    private final Vertx vertx = Vertx.vertx();
    private final KafkaClients kafka;
    private final Topics topics;
    private final Receiver receiver = new Receiver(vertx);
    @TempDir
    private Path data;
    private Snapshots snapshots;

    RestartIT(KafkaClients kafka, Topics topics) {
        this.kafka = kafka;
        this.topics = topics;
    }

    @BeforeEach
    void open() {
        snapshots = new Snapshots(kafka, topics);
    }

    @AfterEach
    void close() {
        snapshots.close();
        receiver.close();
        vertx.close().await();
    }

    @Test
    void shouldGoOnWithTheSameMessageWhenRestartedWithoutLocalState() throws Exception {
        receiver.script(Receiver.status(503));
        try (DispatcherUnderTest first = dispatcher("150ms,150ms,3s,150ms")) {
            snapshots.story(receiver.url("/in")).write(COMPLETED);
            eventually(() -> assertThat(receiver.received()).hasSize(3));
        }
        forgetStores();
        receiver.script(Receiver.status(200));
        try (DispatcherUnderTest second = dispatcher("150ms,150ms,3s,150ms")) {
            eventually(() -> assertThat(receiver.received()).hasSize(4));
        }
        assertThat(receiver.received()).extracting(Received::attempt).containsExactly(1, 2, 3, 4);
        assertThat(receiver.received()).extracting(Received::id).containsOnly(receiver.received().getFirst().id());
        assertThat(receiver.received()).extracting(Received::text).containsOnly(receiver.received().getFirst().text());
    }

    @Test
    void shouldHandOverWhatIsUnderWayWhenStopped() throws Exception {
        receiver.script(Receiver.hang());
        try (DispatcherUnderTest first = dispatcher("300ms")) {
            for (int i = 0; i < 20; i++) {
                snapshots.story(receiver.url("/in")).write(COMPLETED);
            }
            eventually(() -> assertThat(receiver.received()).isNotEmpty());
            first.stop(Duration.ofSeconds(3));
        }
        int before = receiver.received().size();
        receiver.script(Receiver.status(200));
        try (DispatcherUnderTest second = dispatcher("300ms")) {
            eventually(() -> assertThat(receiver.received().stream().skip(before).map(Received::text).distinct())
                    .hasSize(20));
        }
    }

    private DispatcherUnderTest dispatcher(String schedule) throws Exception {
        return new DispatcherUnderTest(
                kafka, topics, vertx, data, List.of("127.0.0.0/8"), Map.of("webhook.schedule", schedule));
    }

    // Everything but the name under which the dispatcher is a member of its groups.
    private void forgetStores() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("dispatcher"))) {
            files.filter(file -> !file.endsWith("member") && !file.equals(data.resolve("dispatcher")))
                    .sorted(Comparator.reverseOrder())
                    .forEach(RestartIT::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
    }
}
