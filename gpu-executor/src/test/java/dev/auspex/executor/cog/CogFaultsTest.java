package dev.auspex.executor.cog;

import static dev.auspex.executor.cog.CogRuns.SOON;
import static dev.auspex.executor.cog.CogRuns.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.executor.cog.CogStandIn.Family;
import dev.auspex.executor.cog.CogStandIn.Options;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.json.Json;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that hang, restart, fail or are shared while predictions run in them. */
class CogFaultsTest {

    @TempDir
    Path folder;

    private CogRuns runs;

    @BeforeEach
    void open() {
        runs = new CogRuns(folder, Duration.ofSeconds(2), CogTestContext.NO_DOCKER);
    }

    @AfterEach
    void close() {
        runs.close();
    }

    @Test
    void shouldGiveUpSoonWhenItIsCanceledAndTheServerAnswersNothingMore() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            CogTestContext context = runs.context();
            server.hangs = "/predictions";
            CompletableFuture<Object> run = runs.later(at(server), input("x", "slow"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(server.hung).hasPositiveValue());
            server.hangs = "/";

            context.canceled = true;

            assertThat(run).failsWithin(SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(ModelException.class)
                    .withMessageContaining("was told to stop and did not, nor did its Cog server end");
        }
    }

    @Test
    void shouldStopTheModelWhenItIsCanceledBeforeTheServerSaidThatItRuns() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            CogTestContext context = runs.context();
            CompletableFuture<Object> run = runs.later(at(server), input("x", "mute"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(server.hung).hasPositiveValue());

            context.canceled = true;

            assertThat(run).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(CanceledException.class);
            assertThat(server.running).isEmpty();
            assertThat(server.toldToEnd).as("others' server").isFalse();
        }
    }

    @Test
    void shouldStopTheModelWhenItIsCanceledAndNeverSilent() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "iterator"))) {
            CogTestContext context = runs.context();
            CompletableFuture<Object> run = runs.later(at(server), input("x", "flood"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(context.begun).isTrue());

            context.canceled = true;

            assertThat(run).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(CanceledException.class);
            assertThat(server.toldToEnd).isFalse();
        }
    }

    @Test
    void shouldEndTheWaitForAPlaceWhenTheServerCannotBeSetUpAgain() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            CogTestContext first = runs.context();
            CompletableFuture<Object> running = runs.later(at(server), input("x", "slow"), first);
            await().atMost(SOON).untilAsserted(() -> assertThat(first.logs).contains("waiting"));
            CompletableFuture<Object> waiting = runs.later(at(server), input("y", ""), runs.context());
            await().atMost(SOON).untilAsserted(() -> assertThat(server.refused).hasPositiveValue());

            server.setupLogs = "FileNotFoundError: weights.bin";
            server.state = "SETUP_FAILED";

            assertThat(waiting).failsWithin(SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(ModelException.class)
                    .withMessageContaining("could not be set up: FileNotFoundError: weights.bin");
            assertThat(running).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(CogException.class);
            assertThat(server.toldToEnd).as("somebody else's server").isFalse();
        }
    }

    @Test
    void shouldLeaveTheNextServerAloneWhenItsPredictionsServerHasRestarted() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            CogTestContext context = runs.context();
            CompletableFuture<Object> run = runs.later(at(server), input("x", "slow"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(context.logs).contains("waiting"));

            server.setupEnd = "2026-01-02T00:00:00Z";

            assertThat(run).failsWithin(SOON).withThrowableThat().havingCause()
                    .isInstanceOfSatisfying(CogException.class, e -> assertThat(e.died()).isTrue());
            assertThat(server.toldToEnd).isFalse();
        }
    }

    @Test
    void shouldBlameNobodyElseWhenAServerIsEndedForAPredictionThatDoesNotStop() throws Exception {
        CogStandIn server = new CogStandIn(new Options(Family.COGLET, "text", 2, ""));
        CogTestContext stubborn = runs.context();
        CogTestContext neighbour = runs.context();
        CompletableFuture<Object> first = runs.later(at(server), input("x", "hang"), stubborn);
        CompletableFuture<Object> second = runs.later(at(server), input("y", "slow"), neighbour);
        await().atMost(SOON).untilAsserted(() -> assertThat(server.running).hasSize(2));

        stubborn.canceled = true;

        assertThat(first).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(CanceledException.class);
        try (CogStandIn next = new CogStandIn(new Options(Family.COGLET, "text", 2, ""), server.port())) {
            next.setupEnd = "2026-01-02T00:00:00Z";
            assertThat(second).failsWithin(SOON).withThrowableThat().havingCause()
                    .isInstanceOfSatisfying(CogException.class, e -> assertThat(e.died()).isFalse())
                    .withMessageContaining("for another prediction");
            assertThat(next.toldToEnd).isFalse();
            assertThat(runs.run(at(next), input("z", ""), runs.context())).hasToString("\"hello z\"");
        }
    }

    @Test
    void shouldNotRunAPredictionTwiceWhenAnotherExecutorsMadeTheServerLookFull() throws Exception {
        try (CogStandIn server = new CogStandIn(new Options(Family.COGLET, "text", 2, ""))) {
            CogClient other = new CogClient();
            URI address = URI.create(server.url());
            other.submit(address, "foreign", Json.object().put("webhook", server.url()).set("input", input("x", "slow")), () -> {});
            CogTestContext context = runs.context();
            CompletableFuture<Object> run = runs.later(at(server), input("x", "slow"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(server.looks).hasValueGreaterThan(4));

            assertThat(other.cancel(address, "foreign", () -> {})).isTrue();

            assertThat(run).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(CogException.class);
            await().atMost(SOON).untilAsserted(() -> assertThat(server.running).isEmpty());
            // Now it is known.
            int looks = server.looks.get();
            CompletableFuture<Object> again = runs.later(at(server), input("x", "slow"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(server.looks).hasValueGreaterThan(looks + 4));
            assertThat(again).isNotDone();
            context.canceled = true;
            assertThat(again).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(CanceledException.class);
            other.close();
        }
    }

    @Test
    void shouldLearnAnewHowManyAServerTakesWhenItHasRestarted() throws Exception {
        int port;
        try (CogStandIn one = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            port = one.port();
            assertThat(runs.later(at(one), input("x", "forget"), runs.context())).failsWithin(SOON)
                    .withThrowableThat()
                    .withMessageContaining("did not say how");
        }
        try (CogStandIn several = new CogStandIn(new Options(Family.COGLET, "text", 2, ""), port)) {
            several.setupEnd = "2026-01-02T00:00:00Z";
            CogTestContext context = runs.context();
            CompletableFuture<Object> run = runs.later(at(several), input("x", "slow"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(several.looks).hasValueGreaterThan(4));

            assertThat(run).isNotDone();

            context.canceled = true;
            assertThat(run).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(CanceledException.class);
        }
    }

    @Test
    void shouldRunItWhenTheModelsOwnHealthCheckFails() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            server.state = "UNHEALTHY";
            CogTestContext context = runs.context();
            CompletableFuture<Object> run = runs.later(at(server), input("x", "slow"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(server.looks).hasValueGreaterThan(3));

            assertThat(run).isNotDone();

            assertThat(runs.servers.schema(at(server))).isPresent();
            context.canceled = true;
            assertThat(run).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(CanceledException.class);
        }
    }

    private static Runner at(CogStandIn server) {
        return new Runner.CogUrl(server.url());
    }
}
