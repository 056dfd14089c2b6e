package dev.auspex.executor.cog;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a container is to be: no capabilities, no way to new privileges, bounded, with a root that cannot be written to
 * where the model allows that, reachable from this machine only.
 *
 * @param gpu whether it gets devices
 * @param writableRoot whether the model writes to places of its own
 */
record DockerOrder(String image, boolean gpu, boolean writableRoot, DockerSettings settings) {

    /** Where a Cog server listens inside. */
    static final int PORT = 5000;

    private static final String COG_SERVER = "cog.server.http";
    /** Data loaders of machine learning libraries share tensors there; Docker's own 64 MiB end them. */
    private static final long SHARED_MEMORY = 1L << 30;
    /** Anonymous volumes, gone with the container: what Cog and its models write to. */
    private static final List<String> SCRATCH = List.of("/tmp", "/var/tmp", "/run", "/root");

    /** Creates the container. @param uploadUrl where output files go @return its id */
    String create(DockerClient client, String uploadUrl) {
        CreateContainerCmd create = client.createContainerCmd(image)
                .withHostConfig(hostConfig())
                .withExposedPorts(ExposedPort.tcp(PORT))
                .withLabels(Map.of(DockerOwner.LABEL, DockerOwner.self().label()))
                .withEnv("PORT=" + PORT, "COG_THROTTLE_RESPONSE_INTERVAL=0.1");
        List<String> command = command(client.inspectImageCmd(image).exec().getConfig(), uploadUrl);
        if (!command.isEmpty()) {
            create.withCmd(command);
        }
        return create.exec().getId();
    }

    // An image that starts its server in its own way gives files as data URLs.
    private static List<String> command(ContainerConfig config, String uploadUrl) {
        String[] own = config == null || config.getCmd() == null ? new String[0] : config.getCmd();
        if (!Arrays.asList(own).contains(COG_SERVER)) {
            return List.of();
        }
        List<String> command = new ArrayList<>(List.of(own));
        command.add("--upload-url");
        command.add(uploadUrl);
        return command;
    }

    HostConfig hostConfig() {
        HostConfig config = HostConfig.newHostConfig()
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withPidsLimit((long) settings.bounds().pids())
                .withShmSize(SHARED_MEMORY)
                .withReadonlyRootfs(!writableRoot)
                .withMounts(SCRATCH.stream()
                        .map(path -> new Mount().withType(MountType.VOLUME).withTarget(path))
                        .toList())
                .withNetworkMode(settings.network().name())
                .withPortBindings(new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(PORT)))
                .withLogConfig(new LogConfig(
                        LogConfig.LoggingType.JSON_FILE, Map.of("max-size", "10m", "max-file", "1")));
        if (settings.bounds().memory() > 0) {
            config.withMemory(settings.bounds().memory()).withMemorySwap(settings.bounds().memory());
        }
        if (gpu) {
            config.withDeviceRequests(List.of(devices()));
        }
        return config;
    }

    private DeviceRequest devices() {
        DeviceRequest request = new DeviceRequest().withCapabilities(List.of(List.of("gpu")));
        return settings.gpus().equals(DockerSettings.ALL_GPUS)
                ? request.withCount(-1)
                : request.withDeviceIds(settings.gpus());
    }
}
