package dev.auspex.executor.cog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ports;
import dev.auspex.model.CanceledException;
import dev.auspex.model.OutputFile;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerPlaceTest {

    private static final String IMAGE = "AUSPEX_TEST_COG_IMAGE";

    @TempDir
    Path folder;

    @Test
    void shouldSayThatDockerDoesNotAnswerWhenThereIsNone() {
        try (CogServers servers = servers(CogTestContext.NO_DOCKER)) {
            CogTestContext context = new CogTestContext(folder);

            assertThatThrownBy(() -> run(servers, "registry.example/flux:1", "x", context))
                    .isInstanceOfSatisfying(CogException.class, e -> assertThat(e.died()).isFalse())
                    .hasMessage("this worker cannot start containers: Docker does not answer");
            assertThat(context.begun).isFalse();
        }
    }

    @Test
    void shouldAskForNothingItCanDoWithoutWhenAContainerIsOrdered() {
        HostConfig config = new DockerOrder("image", true, false, settings(List.of("GPU-1", "GPU-2"))).hostConfig();

        assertThat(config.getCapDrop()).containsExactly(Capability.ALL);
        assertThat(config.getCapAdd()).isNullOrEmpty();
        assertThat(config.getPrivileged()).isNotEqualTo(true);
        assertThat(config.getSecurityOpts()).containsExactly("no-new-privileges");
        assertThat(config.getReadonlyRootfs()).isTrue();
        assertThat(config.getPidsLimit()).isEqualTo(256);
        assertThat(config.getMemory()).isEqualTo(1L << 30);
        assertThat(config.getMemorySwap()).isEqualTo(1L << 30);
        assertThat(config.getBinds()).as("folders of this machine").isNullOrEmpty();
        assertThat(config.getPortBindings().getBindings().values())
                .allSatisfy(bindings -> assertThat(bindings).extracting(Ports.Binding::getHostIp).containsOnly("127.0.0.1"));
        DeviceRequest devices = config.getDeviceRequests().getFirst();
        assertThat(devices.getDeviceIds()).containsExactly("GPU-1", "GPU-2");
        assertThat(devices.getCapabilities()).containsExactly(List.of("gpu"));
    }

    @Test
    void shouldOrderEveryDeviceOrNoneWhenTheClassSaysSo() {
        DockerSettings all = settings(DockerSettings.ALL_GPUS);

        assertThat(new DockerOrder("image", true, false, all).hostConfig().getDeviceRequests().getFirst().getCount())
                .isEqualTo(-1);
        assertThat(new DockerOrder("image", false, false, all).hostConfig().getDeviceRequests()).isNullOrEmpty();
    }

    @Test
    void shouldRunAndEndAContainerWhenDockerAndAnImageAreThere() throws Exception {
        String image = System.getenv().getOrDefault(IMAGE, "");
        assumeTrue(!image.isEmpty(), IMAGE + " names no image with a Cog model (prompt in, file out) on this machine's Docker");
        DockerSettings settings = settings(List.of());
        DockerHost docker = new DockerHost(settings, new CogUploads(folder, 1));
        try (CogServers servers = servers(settings)) {
            CogTestContext context = new CogTestContext(Files.createDirectory(folder.resolve("one")));

            OutputFile output = (OutputFile) run(servers, image, "Ada", context);

            assertThat(output.path()).hasFileName("out.txt").hasContent("pixels of Ada");
            assertThat(context.logs.toString()).as("no capability, no new privileges").contains("'0000000000000000', '1'");
            assertThat(containers(docker)).hasSize(1);

            CogTestContext hanging = new CogTestContext(Files.createDirectory(folder.resolve("two")));
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    end.completeExceptionally(new AssertionError(String.valueOf(run(servers, image, "hang", hanging))));
                } catch (Exception e) {
                    end.complete(e);
                }
            });
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(hanging.begun).isTrue());
            hanging.canceled = true;
            assertThat(end.get(30, TimeUnit.SECONDS)).isInstanceOf(CanceledException.class);
            assertThat(containers(docker)).as("killed").isEmpty();

            CogTestContext third = new CogTestContext(Files.createDirectory(folder.resolve("three")));
            assertThatThrownBy(() -> run(servers, image, "write", third)).hasMessageContaining("next time it can");
            assertThat((OutputFile) run(servers, image, "write", third)).extracting(OutputFile::path).isNotNull();

            CogTestContext crashing = new CogTestContext(Files.createDirectory(folder.resolve("four")));
            assertThatThrownBy(() -> run(servers, image, "crash", crashing)).hasMessageContaining("exitcode 9");
            // Its worker is gone: a new container takes the next one.
            assertThat((OutputFile) run(servers, image, "Bo", crashing)).extracting(OutputFile::path).isNotNull();
        }
        assertThat(containers(docker)).as("after the executor's end").isEmpty();
        docker.close();
    }

    @Test
    void shouldNameTheMissingRuntimeWhenDockerCannotGiveAGpu() throws Exception {
        String image = System.getenv().getOrDefault(IMAGE, "");
        assumeTrue(!image.isEmpty(), IMAGE + " names no image on this machine's Docker");
        DockerSettings settings = settings(DockerSettings.ALL_GPUS);
        DockerHost docker = new DockerHost(settings, new CogUploads(folder, 1));
        assumeTrue(docker.client().infoCmd().exec().getRuntimes() == null
                || !docker.client().infoCmd().exec().getRuntimes().containsKey("nvidia"), "this Docker can give GPUs");
        try (CogServers servers = servers(settings)) {
            assertThatThrownBy(() -> servers.run(new Runner.CogDocker(image), true, job("x", new CogTestContext(folder))))
                    .isInstanceOf(CogException.class)
                    .hasMessageContaining("no GPU container runtime");
        }
        assertThat(containers(docker)).isEmpty();
        docker.close();
    }

    private static List<Container> containers(DockerHost docker) {
        String owner = DockerOwner.self().label();
        return docker.client().listContainersCmd().withShowAll(true).exec().stream()
                .filter(container -> owner.equals(container.getLabels().get(DockerOwner.LABEL)))
                .toList();
    }

    private CogServers servers(DockerSettings settings) {
        return new CogServers(
                new CogServers.Inbound("127.0.0.1", 0, "", folder.resolve("uploads"), 1 << 20),
                new CogServers.Waits(Duration.ofSeconds(60), Duration.ofSeconds(20), Duration.ofSeconds(4), Duration.ofMillis(300)),
                settings,
                Clock.systemUTC());
    }

    private static DockerSettings settings(List<String> gpus) {
        return new DockerSettings(
                "",
                DockerSettings.Pull.NEVER,
                new DockerSettings.Bounds(1L << 30, 256, 1),
                gpus,
                new DockerSettings.Network("bridge", ""));
    }

    private static Object run(CogServers servers, String image, String prompt, CogTestContext context) throws Exception {
        return servers.run(new Runner.CogDocker(image), false, job(prompt, context));
    }

    private static CogJob job(String prompt, CogTestContext context) {
        return new CogJob(
                UUID.randomUUID().toString().replace("-", ""),
                Json.object().put("prompt", prompt),
                context,
                (field, url) -> {
                    throw new AssertionError("no file in this input");
                },
                new CogJob.Calls(() -> false, () -> context.begun = true, () -> false));
    }
}
