package dev.auspex.router.app;

import static dev.auspex.router.Samples.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.command.Command.ClaimKey;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.RouterHarness;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaimIT {

    private final Random random = new Random(13);
    private final KafkaClients kafka;
    private final Topics topics;
    private final Path data;
    private RouterHarness router;

    ClaimIT(KafkaClients kafka, Topics topics, @TempDir Path data) {
        this.kafka = kafka;
        this.topics = topics;
        this.data = data;
    }

    private ClaimKey claim(String key) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new ClaimKey(ClaimId.of("key", key), ACCOUNT, PredictionId.create(now, random), "c0ffee", now,
                now.plus(24, ChronoUnit.HOURS));
    }

    private static String path(ClaimKey claim) {
        return "/internal/claims/" + ACCOUNT + "/" + claim.claim() + "?at=" + claim.claimedAt();
    }

    private static Object winner(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Serdes.COMMAND.deserialize(response.body().getBytes(StandardCharsets.UTF_8));
    }

    @BeforeAll
    void start() throws Exception {
        router = RouterHarness.ready(kafka, topics, data);
    }

    @AfterAll
    void stop() throws Exception {
        router.close();
    }

    @Test
    void shouldNameTheFirstClaimWhenAskedAlsoWithoutItsDisk() throws Exception {
        ClaimKey first = claim("k");
        ClaimKey second = claim("k");
        ClaimKey gone = new ClaimKey(ClaimId.of("key", "old"), ACCOUNT, PredictionId.create(first.claimedAt(), random),
                "c0ffee", first.claimedAt().minusSeconds(7200), first.claimedAt().minusSeconds(5000));
        router.command(gone);
        router.command(first);
        assertThat(winner(router.get(path(first)))).isEqualTo(first);
        router.command(second);
        assertThat(winner(router.get(path(second)))).isEqualTo(first);

        router.close();
        try (Stream<Path> files = Files.walk(data.resolve("router"))) {
            files.sorted(Comparator.reverseOrder()).forEach(ClaimIT::delete);
        }
        router = RouterHarness.ready(kafka, topics, data);
        ClaimKey third = claim("k");
        router.command(third);
        assertThat(winner(router.get(path(third)))).as("rebuilt from Kafka").isEqualTo(first);
        ClaimKey anew = claim("old");
        router.command(anew);
        assertThat(winner(router.get(path(anew)))).as("the earlier one has expired").isEqualTo(anew);
    }

    @Test
    void shouldAnswerAsSoonAsTheClaimIsReadWhenAskedBefore() throws Exception {
        ClaimKey claim = claim("later");
        CompletableFuture<HttpResponse<String>> asked =
                router.http().sendAsync(router.request(path(claim)), BodyHandlers.ofString());
        router.command(claim("another"));
        assertThat(asked).isNotDone();
        router.command(claim);

        assertThat(winner(asked.get(10, TimeUnit.SECONDS))).isEqualTo(claim);
        assertThat(router.get("/internal/claims/" + ACCOUNT + "/nope?at=" + claim.claimedAt()).statusCode())
                .isEqualTo(400);
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
