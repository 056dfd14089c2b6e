package dev.auspex.testing;

import dev.auspex.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The broker of a test run: Kafka's own image where Docker answers, else the embedded broker. */
interface KafkaBroker extends AutoCloseable {

    String IMAGE = "apache/kafka:4.3.1";

    String bootstrapServers();

    @Override
    void close();

    static KafkaBroker start() {
        if (dockerAnswers()) {
            return inContainer();
        }
        return embedded();
    }

    // Where a daemon runs but cannot pull, the look-up can hang for minutes: bounded.
    private static boolean dockerAnswers() {
        if ("embedded".equals(System.getenv("AUSPEX_TEST_BROKER"))
                || (System.getenv("DOCKER_HOST") == null && Files.notExists(Path.of("/var/run/docker.sock")))) {
            return false;
        }
        try {
            return CompletableFuture.supplyAsync(() -> DockerClientFactory.instance().isDockerAvailable())
                    .get(20, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static KafkaBroker inContainer() {
        KafkaContainer container = new KafkaContainer(IMAGE)
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1")
                .withEnv("KAFKA_GROUP_SHARE_MIN_RECORD_LOCK_DURATION_MS", "1000")
                .withEnv("KAFKA_GROUP_SHARE_HEARTBEAT_INTERVAL_MS", "1000")
                .withEnv("KAFKA_GROUP_SHARE_MIN_HEARTBEAT_INTERVAL_MS", "500")
                .withEnv("KAFKA_MESSAGE_MAX_BYTES", Integer.toString(16 << 20));
        container.start();
        return new KafkaBroker() {
            @Override
            public String bootstrapServers() {
                return container.getBootstrapServers();
            }

            @Override
            public void close() {
                container.stop();
            }
        };
    }

    private static KafkaBroker embedded() {
        try {
            Path folder = Files.createTempDirectory("auspex-test-kafka");
            EmbeddedBroker broker = EmbeddedBroker.start(folder);
            return new KafkaBroker() {
                @Override
                public String bootstrapServers() {
                    return broker.bootstrapServers();
                }

                @Override
                public void close() {
                    broker.close();
                    deleteRecursively(folder);
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteRecursively(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
