package dev.auspex.executor.cog;

import static dev.auspex.executor.cog.CogRuns.SOON;
import static dev.auspex.executor.cog.CogRuns.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.executor.cog.DockerSettings.Pull;
import dev.auspex.executor.cog.DockerStandIn.Box;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers, against a double of Docker that says what it was asked for. */
class DockerEngineTest {

    private static final String IMAGE = "registry.example/acme/flux:1";
    private static final String OTHER = "registry.example/acme/other:1";
    private static final Runner FLUX = new Runner.CogDocker(IMAGE);

    @TempDir
    Path folder;

    private DockerStandIn docker;
    private CogRuns runs;

    @BeforeEach
    void open() throws IOException {
        docker = new DockerStandIn();
        docker.images.addAll(List.of(IMAGE, OTHER));
        runs = new CogRuns(folder, Duration.ofSeconds(2), settings(Pull.MISSING, List.of()));
    }

    @AfterEach
    void close() {
        runs.close();
        docker.close();
    }

    @Test
    void shouldFetchAnImageWhenTheSettingsSaySo() throws Exception {
        String absent = "registry.example/acme/absent:1";
        docker.registry.addAll(List.of(IMAGE, absent));

        runs.run(FLUX, input("x", ""), runs.context());
        assertThat(docker.pulled).as("missing, and it is here").isEmpty();

        try (CogRuns never = new CogRuns(folder, Duration.ofSeconds(2), settings(Pull.NEVER, List.of()))) {
            assertThatThrownBy(() -> never.run(new Runner.CogDocker(absent), input("x", ""), never.context()))
                    .isInstanceOf(CogException.class)
                    .hasMessageContaining("may not fetch images");
            assertThat(docker.pulled).as("never").isEmpty();
        }
        try (CogRuns always = new CogRuns(folder, Duration.ofSeconds(2), settings(Pull.ALWAYS, List.of()))) {
            assertThat(always.run(FLUX, input("x", ""), always.context())).hasToString("\"hello x\"");
            assertThat(docker.pulled).as("always").containsExactly(IMAGE);
        }
        assertThat(runs.run(new Runner.CogDocker(absent), input("x", ""), runs.context())).hasToString("\"hello x\"");
        assertThat(docker.pulled).as("missing, and it is not here").containsExactly(IMAGE, absent);
    }

    @Test
    void shouldSayWhyWhenAnImageCannotBeFetched() throws Exception {
        assertThatThrownBy(() -> runs.run(new Runner.CogDocker("registry.example/none:1"), input("x", ""), runs.context()))
                .isInstanceOf(CogException.class)
                .hasMessageContaining("could not be fetched")
                .hasMessageContaining("manifest unknown");
        assertThat(docker.created).isEmpty();
    }

    @Test
    void shouldOrderABoundedContainerWhenItStartsOne() throws Exception {
        try (CogRuns gpu = new CogRuns(folder, Duration.ofSeconds(2), settings(Pull.NEVER, List.of("GPU-1")))) {
            gpu.run(FLUX, input("x", ""), gpu.context());
        }

        JsonNode order = docker.created.getFirst();
        JsonNode host = order.path("HostConfig");
        assertThat(order.path("Image").asText()).isEqualTo(IMAGE);
        assertThat(order.path("Cmd")).hasToString(Json.mapper().createArrayNode()
                .add("python").add("-m").add("cog.server.http").add("--upload-url").add(order.path("Cmd").path(4).asText())
                .toString());
        assertThat(order.path("Cmd").path(4).asText()).matches("http://127\\.0\\.0\\.1:\\d+/uploads/[0-9a-f]{32}/");
        assertThat(order.path("Labels").path(DockerOwner.LABEL).asText()).isEqualTo(DockerOwner.self().label());
        assertThat(host.path("CapDrop")).hasToString("[\"ALL\"]");
        assertThat(host.path("CapAdd").isEmpty()).isTrue();
        assertThat(host.path("Privileged").asBoolean()).isFalse();
        assertThat(host.path("SecurityOpt")).hasToString("[\"no-new-privileges\"]");
        assertThat(host.path("ReadonlyRootfs").asBoolean()).isTrue();
        assertThat(host.path("PidsLimit").asInt()).isEqualTo(256);
        assertThat(host.path("Memory").asLong()).isEqualTo(1L << 30);
        assertThat(host.path("MemorySwap").asLong()).isEqualTo(1L << 30);
        assertThat(host.path("PortBindings").path("5000/tcp").path(0).path("HostIp").asText()).isEqualTo("127.0.0.1");
        assertThat(host.path("DeviceRequests").path(0).path("DeviceIDs")).hasToString("[\"GPU-1\"]");
        assertThat(host.path("Binds").isEmpty()).isTrue();
    }

    @Test
    void shouldNameTheMissingRuntimeAndLetOthersInWhenAContainerCannotBeStarted() throws Exception {
        docker.unstartable.put(IMAGE, "could not select device driver \"\" with capabilities: [[gpu]]");

        assertThatThrownBy(() -> runs.run(FLUX, input("x", ""), runs.context()))
                .isInstanceOf(CogException.class)
                .hasMessage("this worker has no GPU container runtime: install the NVIDIA Container Toolkit");

        assertThat(docker.boxes).isEmpty();
        assertThat(runs.later(new Runner.CogDocker(OTHER), input("x", ""), runs.context())).succeedsWithin(SOON);
    }

    @Test
    void shouldEndTheContainerWhenTheModelDoesNotStop() throws Exception {
        CogTestContext context = runs.context();
        CompletableFuture<Object> run = runs.later(FLUX, input("x", "hang"), context);
        await().atMost(SOON).untilAsserted(() -> assertThat(context.begun).isTrue());

        context.canceled = true;

        assertThat(run).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(CanceledException.class);
        assertThat(docker.boxes).isEmpty();
        assertThat(runs.run(FLUX, input("again", ""), runs.context())).hasToString("\"hello again\"");
    }

    @Test
    void shouldStartAnotherContainerWhenOneHasDied() throws Exception {
        CogTestContext context = runs.context();
        CompletableFuture<Object> run = runs.later(FLUX, input("x", "slow"), context);
        await().atMost(SOON).untilAsserted(() -> assertThat(context.begun).isTrue());
        docker.running().getFirst().exit(137, "Killed");
        assertThat(run).failsWithin(SOON).withThrowableThat().havingCause()
                .isInstanceOfSatisfying(CogException.class, e -> assertThat(e.died()).isTrue())
                .withMessageContaining("exit code 137, perhaps out of memory");

        assertThat(runs.run(FLUX, input("two", ""), runs.context())).hasToString("\"hello two\"");
        docker.running().getFirst().exit(1, "while nobody used it");

        assertThat(runs.run(FLUX, input("three", ""), runs.context())).hasToString("\"hello three\"");
        assertThat(docker.created).hasSize(3);
        assertThat(docker.boxes).hasSize(1);
    }

    @Test
    void shouldRestAWhileAndStartAFreshOneWhenItEndsBeforeItIsReady() throws Exception {
        docker.started = server -> server.state = "STARTING";
        CompletableFuture<Object> run = runs.later(FLUX, input("x", ""), runs.context());
        await().atMost(SOON).untilAsserted(() -> assertThat(docker.running()).hasSize(1));
        docker.running().getFirst().exit(1, "ImportError: torch\n");
        assertThat(run).failsWithin(SOON)
                .withThrowableThat()
                .withCauseInstanceOf(ModelException.class)
                .withMessageContaining("could not be set up: ImportError: torch");

        docker.started = server -> {};
        shouldRunInAFreshOne(2);
    }

    @Test
    void shouldRestAWhileAndStartAFreshOneWhenSetupFailedInAServerThatStays() throws Exception {
        docker.started = server -> {
            server.setupLogs = "ConnectionError: weights";
            server.state = "SETUP_FAILED";
        };
        assertThat(runs.later(FLUX, input("x", ""), runs.context())).failsWithin(SOON)
                .withThrowableThat()
                .withCauseInstanceOf(ModelException.class)
                .withMessageContaining("could not be set up: ConnectionError: weights");
        assertThat(docker.boxes).isEmpty();

        docker.started = server -> {};
        shouldRunInAFreshOne(2);
    }

    private void shouldRunInAFreshOne(int containers) {
        await().atMost(SOON).untilAsserted(() ->
                assertThat(runs.later(FLUX, input("x", ""), runs.context())).succeedsWithin(SOON).hasToString("\"hello x\""));
        assertThat(docker.created).hasSize(containers);
    }

    @Test
    void shouldStartItAgainWithAWritableRootWhenSetupCouldNotWrite() throws Exception {
        docker.started = server -> {
            if (docker.created.size() == 1) {
                server.setupLogs = "OSError: [Errno 30] Read-only file system: '/src/cache'";
                server.state = "SETUP_FAILED";
            }
        };

        assertThat(runs.later(FLUX, input("x", ""), runs.context())).succeedsWithin(SOON).hasToString("\"hello x\"");

        assertThat(docker.created).extracting(order -> order.path("HostConfig").path("ReadonlyRootfs").asBoolean())
                .containsExactly(true, false);
        assertThat(docker.boxes).hasSize(1);
    }

    @Test
    void shouldLetAContainerBeWhenItIsStillSetUpForAnotherJob() throws Exception {
        docker.started = server -> server.state = "STARTING";
        CompletableFuture<Object> first = runs.later(FLUX, input("one", ""), runs.context());
        await().atMost(SOON).untilAsserted(() -> assertThat(docker.running()).hasSize(1));
        Box box = docker.running().getFirst();
        docker.started = server -> {};
        CompletableFuture<Object> second = runs.later(new Runner.CogDocker(OTHER), input("two", ""), runs.context());
        await().atMost(SOON).untilAsserted(() -> assertThat(docker.inspected).contains(OTHER));

        await().during(Duration.ofMillis(600)).atMost(SOON).untilAsserted(() -> assertThat(docker.removed).isEmpty());
        box.server.state = "READY";

        assertThat(first).succeedsWithin(SOON).hasToString("\"hello one\"");
        assertThat(second).succeedsWithin(SOON).hasToString("\"hello two\"");
        assertThat(docker.removed).containsExactly(box.id);
        assertThat(docker.created).hasSize(2);
    }

    @Test
    void shouldRemoveWhatDeadExecutorsLeftWhenItStartsItsFirst() throws Exception {
        DockerOwner here = DockerOwner.self();
        docker.add("dead", new DockerOwner(here.boot(), here.namespace(), here.pid(), here.start() + "0").label(), "running");
        docker.add("alive", here.label(), "running");
        docker.add("elsewhere", new DockerOwner(here.boot(), "1", "1", "1").label(), "running");
        docker.add("before", new DockerOwner("another boot", here.namespace(), "1", "1").label(), "exited");
        docker.add("machine", new DockerOwner("another boot", here.namespace(), "1", "1").label(), "running");
        docker.add("odd", "12", "running");

        runs.run(FLUX, input("x", ""), runs.context());

        assertThat(docker.removed).containsExactlyInAnyOrder("dead", "before");
    }

    @Test
    void shouldLeaveSoonWhenItIsCanceledAndDockerHangs() throws Exception {
        Runner absent = new Runner.CogDocker("registry.example/acme/absent:1");
        for (String where : List.of("/_ping", "/images/create", "/json", "/start")) {
            docker.hangs = where;
            int before = docker.hung.get();
            CogTestContext context = runs.context();
            CompletableFuture<Object> run =
                    runs.later(where.equals("/images/create") ? absent : FLUX, input("x", ""), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(docker.hung).hasValueGreaterThan(before));

            context.canceled = true;

            assertThat(run).as(where).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(CanceledException.class);
        }
        assertThat(CompletableFuture.runAsync(runs::close)).succeedsWithin(SOON);
    }

    @Test
    void shouldSaySoWhenDockerHangsAndTheModelDoesNotStop() throws Exception {
        CogTestContext context = runs.context();
        CompletableFuture<Object> run = runs.later(FLUX, input("x", "hang"), context);
        await().atMost(SOON).untilAsserted(() -> assertThat(context.begun).isTrue());
        docker.hangs = "/";

        context.canceled = true;

        assertThat(run).failsWithin(SOON)
                .withThrowableThat()
                .withCauseInstanceOf(ModelException.class)
                .withMessageContaining("nor did its Cog server end");
        assertThat(CompletableFuture.runAsync(runs::close)).succeedsWithin(SOON);
    }

    @Test
    void shouldAskTheServerToEndBeforeItsContainerIsRemovedWhenTheExecutorStops() throws Exception {
        runs.run(FLUX, input("x", ""), runs.context());
        CogStandIn server = docker.running().getFirst().server;

        runs.close();

        assertThat(server.toldToEnd).isTrue();
        assertThat(docker.boxes).isEmpty();
    }

    private DockerSettings settings(Pull pull, List<String> gpus) {
        return new DockerSettings(
                docker.host(),
                pull,
                new DockerSettings.Bounds(1L << 30, 256, 1),
                gpus,
                new DockerSettings.Network("bridge", ""));
    }
}
