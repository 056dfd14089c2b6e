package dev.auspex.executor.cog;

import static dev.auspex.executor.cog.CogRuns.SOON;
import static dev.auspex.executor.cog.CogRuns.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.auspex.executor.cog.CogStandIn.Family;
import dev.auspex.executor.cog.CogStandIn.Options;
import dev.auspex.executor.cog.DockerSettings.Pull;
import dev.auspex.executor.cog.DockerStandIn.Box;
import dev.auspex.executor.domain.KeptServer;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are to be ready whether jobs come or not, how they stand, and how long jobs waited for them. */
class KeptServersTest {

    private static final HardwareClass GPU = new HardwareClass("gpu-t4");
    private static final Runner FLUX = new Runner.CogDocker("registry.example/acme/flux:1");
    private static final Runner OTHER = new Runner.CogDocker("registry.example/acme/other:1");

    @TempDir
    Path folder;

    private DockerStandIn docker;
    private CogRuns runs;

    @BeforeEach
    void open() throws IOException {
        docker = new DockerStandIn();
        docker.images.addAll(List.of(image(FLUX), image(OTHER)));
        runs = new CogRuns(folder, Duration.ofSeconds(2), settings());
    }

    private DockerSettings settings() {
        return new DockerSettings(
                docker.host(),
                Pull.MISSING,
                new DockerSettings.Bounds(1L << 30, 256, 1),
                List.of(),
                new DockerSettings.Network("bridge", ""));
    }

    @AfterEach
    void close() {
        runs.close();
        docker.close();
    }

    @Test
    void shouldStartAContainerBeforeItsFirstJobWhenItIsToBeKept() throws Exception {
        assertThat(runs.servers.standing()).isEmpty();

        keep(FLUX, false);

        awaitState(FLUX, "ready");
        assertThat(status(FLUX)).satisfies(server -> {
            assertThat(server.warm()).isTrue();
            assertThat(server.problem()).isNull();
            assertThat(server.since()).isBeforeOrEqualTo(Instant.now());
        });
        CogTestContext context = runs.context();
        assertThat(runs.run(FLUX, input("x", ""), context)).hasToString("\"hello x\"");
        assertThat(context.metrics).as("it was ready").doesNotContainKey("setup_time");
        assertThat(docker.created).hasSize(1);
    }

    @Test
    void shouldTellHowLongAJobWaitedWhenItsServerHadToBeStarted() throws Exception {
        CogTestContext first = runs.context();
        CogTestContext second = runs.context();

        runs.run(FLUX, input("x", ""), first);
        runs.run(FLUX, input("x", ""), second);

        assertThat(first.metrics.get("setup_time").doubleValue()).isPositive();
        assertThat(second.metrics).doesNotContainKey("setup_time");
    }

    @Test
    void shouldTellHowLongAJobWaitedWhenTheServerOfSomebodyElseWasStillSetUp() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            server.state = "STARTING";
            CogTestContext waited = runs.context();
            CompletableFuture<Object> run = runs.later(new Runner.CogUrl(server.url()), input("x", ""), waited);
            await().atMost(SOON).untilAsserted(() -> assertThat(server.looks).hasPositiveValue());

            server.state = "READY";

            assertThat(run).succeedsWithin(SOON);
            assertThat(waited.metrics.get("setup_time").doubleValue()).isPositive();
        }
    }

    @Test
    void shouldShowAServerThatIsBusyWithAJobAndNotKept() throws Exception {
        CogTestContext context = runs.context();
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            Runner runner = new Runner.CogUrl(server.url());
            CompletableFuture<Object> run = runs.later(runner, input("x", "slow"), context);

            awaitState(runner, "busy");

            assertThat(status(runner)).satisfies(shown -> {
                assertThat(shown.warm()).isFalse();
                assertThat(shown.predictions()).isEqualTo(1);
            });
            Instant since = status(runner).since();
            context.canceled = true;
            awaitState(runner, "ready");
            assertThat(run).isDone();
            assertThat(status(runner).since()).isAfter(since);
            server.state = "DEFUNCT";
            awaitState(runner, "defunct");
            assertThat(server.toldToEnd).as("nobody needs it").isFalse();
        }
    }

    @Test
    void shouldTryEverMoreRarelyAndSayWhyWhenSetupFails() throws Exception {
        List<Long> starts = new CopyOnWriteArrayList<>();
        docker.started = server -> {
            starts.add(System.nanoTime());
            server.setupLogs = "ConnectionError: weights";
            server.state = "SETUP_FAILED";
        };

        keep(FLUX, false);

        await().atMost(SOON).untilAsserted(() -> assertThat(starts).hasSizeGreaterThanOrEqualTo(3));
        assertThat(seconds(starts.get(0), starts.get(1))).isGreaterThanOrEqualTo(1);
        assertThat(seconds(starts.get(1), starts.get(2))).isGreaterThanOrEqualTo(2);
        awaitState(FLUX, "setup_failed");
        assertThat(status(FLUX).problem()).contains("could not be set up: ConnectionError: weights");
        assertThat(status(FLUX).warm()).isTrue();
        docker.started = server -> {};
        assertThat(runs.later(OTHER, input("x", ""), runs.context())).as("others' jobs").succeedsWithin(SOON);
        awaitState(FLUX, "ready");
        assertThat(status(FLUX).problem()).isNull();
    }

    @Test
    void shouldStartItAgainEverMoreRarelyWhenItDiesAgainAndAgain() throws Exception {
        List<Long> starts = new CopyOnWriteArrayList<>();
        docker.started = server -> starts.add(System.nanoTime());
        keep(FLUX, false);

        // The last pause is longer than the first and the time until the end is seen.
        for (int pause : List.of(1, 2, 4)) {
            awaitState(FLUX, "ready");
            int before = starts.size();
            long died = System.nanoTime();
            docker.running().getFirst().exit(1, "Killed");
            await().atMost(SOON).untilAsserted(() -> assertThat(starts).hasSizeGreaterThan(before));
            assertThat(seconds(died, starts.get(before))).isGreaterThanOrEqualTo(pause);
        }
        assertThat(starts).hasSize(4);
    }

    @Test
    void shouldMakeRoomForAJobAndComeBackLaterWhenThereIsRoomForOne() throws Exception {
        keep(FLUX, false);
        awaitState(FLUX, "ready");
        Box kept = docker.running().getFirst();

        assertThat(runs.run(OTHER, input("x", ""), runs.context())).hasToString("\"hello x\"");

        assertThat(docker.removed).contains(kept.id);
        awaitState(FLUX, "ready");
        assertThat(docker.boxes).as("what nobody wants kept has gone").hasSize(1);
    }

    @Test
    void shouldMakeRoomForAJobWhenItsSetupHasNoEnd() throws Exception {
        docker.started = server -> server.state = "STARTING";
        keep(FLUX, false);
        awaitState(FLUX, "starting");
        await().atMost(SOON).untilAsserted(() -> assertThat(docker.running()).hasSize(1));
        docker.started = server -> {};
        CogTestContext context = runs.context();

        CompletableFuture<Object> run = runs.later(OTHER, input("x", "slow"), context);

        awaitState(FLUX, "waiting");
        await().atMost(SOON).untilAsserted(() -> assertThat(context.begun).isTrue());
        context.canceled = true;
        assertThat(run).failsWithin(SOON);
        awaitState(FLUX, "ready");
    }

    @Test
    void shouldWaitForRoomWhenAJobHasUsedTheOtherLately() throws Exception {
        try (CogRuns patient = new CogRuns(folder, Duration.ofSeconds(2), settings(), Duration.ofHours(1))) {
            patient.run(OTHER, input("x", ""), patient.context());

            patient.servers.keep(List.of(new KeptServer(FLUX, GPU, false)));

            await().atMost(SOON).untilAsserted(() -> assertThat(patient.servers.standing())
                    .extracting(WorkerStatus.CogServer::state).containsExactly("waiting", "ready"));
            await().during(Duration.ofMillis(800)).atMost(SOON).untilAsserted(() -> assertThat(docker.removed).isEmpty());
        }
    }

    @Test
    void shouldLeaveEachOtherInPeaceWhenMoreAreToBeKeptThanThereIsRoomFor() throws Exception {
        keep(FLUX, false);
        awaitState(FLUX, "ready");

        runs.servers.keep(List.of(new KeptServer(FLUX, GPU, false), new KeptServer(OTHER, GPU, false)));

        awaitState(OTHER, "waiting");
        await().during(Duration.ofMillis(800)).atMost(SOON).untilAsserted(() -> assertThat(docker.removed).isEmpty());
        awaitState(FLUX, "ready");

        runs.servers.keep(List.of(new KeptServer(FLUX, GPU, false), new KeptServer(OTHER, GPU, true)));

        awaitState(OTHER, "ready");
        awaitState(FLUX, "waiting");
    }

    @Test
    void shouldStayUntilRoomIsNeededWhenItIsNoLongerWanted() throws Exception {
        keep(FLUX, false);
        awaitState(FLUX, "ready");

        runs.servers.keep(List.of());

        assertThat(status(FLUX).warm()).isFalse();
        assertThat(docker.removed).isEmpty();
        assertThat(runs.run(OTHER, input("x", ""), runs.context())).hasToString("\"hello x\"");
        assertThat(docker.created).hasSize(2);
        assertThat(runs.servers.standing()).extracting(WorkerStatus.CogServer::runner).containsExactly(OTHER);
    }

    @Test
    void shouldNeverMakeRoomWhenTheOperatorWantsItKept() throws Exception {
        keep(FLUX, true);
        awaitState(FLUX, "ready");

        assertThatThrownBy(() -> runs.run(OTHER, input("x", ""), runs.context()))
                .isInstanceOf(CogException.class)
                .hasMessage("every container of this worker is kept for other models");

        assertThat(docker.removed).isEmpty();
        assertThat(runs.run(FLUX, input("x", ""), runs.context())).hasToString("\"hello x\"");
    }

    @Test
    void shouldSayThatNobodyAnswersAndFindTheNextWhenAServerOfSomebodyElseIsKept() throws Exception {
        CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"));
        Runner runner = new Runner.CogUrl(server.url());
        server.state = "STARTING";
        keep(runner, false);
        awaitState(runner, "starting");
        server.state = "READY";
        awaitState(runner, "ready");

        server.close();

        awaitState(runner, "absent");
        await().atMost(SOON).untilAsserted(
                () -> assertThat(status(runner).problem()).isEqualTo("the model's Cog server does not answer"));
        try (CogStandIn next = new CogStandIn(Options.of(Family.COGLET, "text"), server.port())) {
            awaitState(runner, "ready");
            assertThat(status(runner).problem()).isNull();
            assertThat(next.begun).hasValue(0);
        }
    }

    private void keep(Runner runner, boolean always) {
        runs.servers.keep(List.of(new KeptServer(runner, GPU, always)));
    }

    private void awaitState(Runner runner, String state) {
        await().atMost(SOON).untilAsserted(() -> assertThat(runs.servers.standing())
                .filteredOn(server -> server.runner().equals(runner))
                .extracting(WorkerStatus.CogServer::state)
                .containsExactly(state));
    }

    private WorkerStatus.CogServer status(Runner runner) {
        return runs.servers.standing().stream()
                .filter(server -> server.runner().equals(runner))
                .findFirst()
                .orElseThrow();
    }

    private static double seconds(long from, long to) {
        return Duration.ofNanos(to - from).toMillis() / 1e3;
    }

    private static String image(Runner runner) {
        return ((Runner.CogDocker) runner).image();
    }
}
