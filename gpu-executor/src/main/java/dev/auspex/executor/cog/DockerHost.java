package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine's Docker: connected when it is first needed. Safe for any thread. */
final class DockerHost implements AutoCloseable {

    /** Containers of executors carry it, with the process id as value. */
    static final String OWNER_LABEL = "dev.auspex.executor.pid";

    private static final Logger LOG = LoggerFactory.getLogger(DockerHost.class);
    private static final String SCHEMA_LABEL = "run.cog.openapi_schema";
    private static final long LOOK_MILLIS = 250;

    private final DockerSettings settings;
    private final CogUploads uploads;
    private @Nullable DockerClient connected;
    private @Nullable CogListener listener;

    DockerHost(DockerSettings settings, CogUploads uploads) {
        this.settings = settings;
        this.uploads = uploads;
    }

    DockerSettings settings() {
        return settings;
    }

    /** @throws CogException if Docker is not there */
    synchronized DockerClient client() throws CogException {
        DockerClient known = connected;
        if (known != null) {
            return known;
        }
        DefaultDockerClientConfig.Builder config = DefaultDockerClientConfig.createDefaultConfigBuilder();
        if (!settings.host().isEmpty()) {
            config.withDockerHost(settings.host());
        }
        DefaultDockerClientConfig built = config.build();
        DockerClient client = DockerClientImpl.getInstance(
                built,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(built.getDockerHost())
                        .maxConnections(64)
                        .connectionTimeout(Duration.ofSeconds(5))
                        .build());
        try {
            client.pingCmd().exec();
        } catch (RuntimeException absent) {
            close(client);
            throw new CogException("this worker cannot start containers: Docker does not answer", false, absent);
        }
        connected = client;
        removeLeftOvers(client);
        return client;
    }

    // An executor that was killed could not end its containers.
    private static void removeLeftOvers(DockerClient client) {
        try {
            for (Container container :
                    client.listContainersCmd().withShowAll(true).withLabelFilter(List.of(OWNER_LABEL)).exec()) {
                String owner = container.getLabels().get(OWNER_LABEL);
                if (owner != null && owner.matches("\\d{1,10}") && ProcessHandle.of(Long.parseLong(owner)).isEmpty()) {
                    LOG.atInfo().addKeyValue("container", container.getId()).log("container of an executor that died removed");
                    remove(client, container.getId());
                }
            }
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("containers of executors that died not removed");
        }
    }

    static void remove(DockerClient client, String container) {
        try {
            client.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
        } catch (NotFoundException gone) {
            LOG.atDebug().addKeyValue("container", container).log("container was gone");
        }
    }

    /**
     * Makes sure that an image is here, as the settings say.
     *
     * @throws CogException if it cannot be had
     */
    void fetch(String image, Checkpoint checkpoint) throws CogException, CanceledException, InterruptedException {
        DockerClient client = client();
        boolean here = isHere(client, image);
        boolean pull = switch (settings.pull()) {
            case ALWAYS -> true;
            case MISSING -> !here;
            case NEVER -> false;
        };
        if (!pull && !here) {
            throw new CogException("the model's image is not on this worker, which may not fetch images", false, null);
        }
        if (pull) {
            pull(client, image, checkpoint);
        }
    }

    private static boolean isHere(DockerClient client, String image) {
        try {
            return client.inspectImageCmd(image).exec().getId() != null;
        } catch (NotFoundException absent) {
            return false;
        }
    }

    private static void pull(DockerClient client, String image, Checkpoint checkpoint)
            throws CogException, CanceledException, InterruptedException {
        LOG.atInfo().addKeyValue("image", image).log("fetching image");
        // Without a tag Docker would fetch all of them.
        boolean exact = image.contains("@") || image.lastIndexOf(':') > image.lastIndexOf('/');
        try (var pulling = client.pullImageCmd(exact ? image : image + ":latest")
                .exec(new com.github.dockerjava.api.async.ResultCallback.Adapter<PullResponseItem>())) {
            while (!pulling.awaitCompletion(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                checkpoint.check();
            }
        } catch (IOException | DockerException e) {
            throw new CogException("the model's image could not be fetched: " + e.getMessage(), false, e);
        }
    }

    /** The schema in an image's label; empty if the image is not here or has none. */
    Optional<ObjectNode> schema(String image) {
        try {
            var config = client().inspectImageCmd(image).exec().getConfig();
            Map<String, String> labels = config == null ? null : config.getLabels();
            String schema = labels == null ? null : labels.get(SCHEMA_LABEL);
            JsonNode document = schema == null ? null : CogClient.json(schema.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return document instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (CogException | RuntimeException absent) {
            LOG.atDebug().addKeyValue("image", image).setCause(absent).log("no schema in the image's label");
            return Optional.empty();
        }
    }

    /** Where containers send their webhooks and files: the gateway of their network, which nobody outside reaches. */
    synchronized CogListener listener() throws IOException {
        CogListener known = listener;
        if (known != null) {
            return known;
        }
        try {
            String host = settings.network().listen().isEmpty() ? gateway() : settings.network().listen();
            known = new CogListener(new InetSocketAddress(host, 0), host, uploads);
        } catch (CogException | RuntimeException e) {
            throw new IOException("no address for containers", e);
        }
        listener = known;
        return known;
    }

    private String gateway() throws CogException {
        Network.Ipam ipam = client().inspectNetworkCmd().withNetworkId(settings.network().name()).exec().getIpam();
        return ipam.getConfig().stream()
                .flatMap(config -> Stream.ofNullable(gateway(config)))
                .findFirst()
                .orElseThrow(() -> new CogException(
                        "the containers' network '" + settings.network().name() + "' has no gateway", false, null));
    }

    // Older Dockers do not say it of the network they made themselves: there it is the subnet's first address.
    private static @Nullable String gateway(Network.Ipam.Config config) {
        if (config.getGateway() != null && !config.getGateway().isBlank()) {
            return config.getGateway();
        }
        String subnet = config.getSubnet();
        return subnet != null && subnet.matches("\\d+\\.\\d+\\.\\d+\\.0/\\d+") ? subnet.replaceFirst("\\.0/\\d+$", ".1") : null;
    }

    private static void close(DockerClient client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("Docker client not closed");
        }
    }

    @Override
    public synchronized void close() {
        if (listener != null) {
            listener.close();
        }
        if (connected != null) {
            close(connected);
        }
    }
}
