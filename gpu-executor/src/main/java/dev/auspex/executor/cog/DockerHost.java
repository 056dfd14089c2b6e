package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine's Docker: connected when it is first needed. Safe for any thread. */
final class DockerHost implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DockerHost.class);
    private static final String SCHEMA_LABEL = "run.cog.openapi_schema";
    private static final long LOOK_MILLIS = 250;
    /** For what Docker answers at once. */
    private static final Duration QUICK = Duration.ofSeconds(10);
    /** For all else: fetching a large image can be silent for a while. */
    private static final Duration ANSWER = Duration.ofMinutes(2);

    private final DockerSettings settings;
    private final CogUploads uploads;
    private final ReentrantLock cleaning = new ReentrantLock();
    private boolean cleaned;
    private @Nullable DockerClient connected;
    private @Nullable CogListener listener;

    DockerHost(DockerSettings settings, CogUploads uploads) {
        this.settings = settings;
        this.uploads = uploads;
    }

    DockerSettings settings() {
        return settings;
    }

    /** Connects when it is used. */
    synchronized DockerClient client() {
        DockerClient known = connected;
        if (known != null) {
            return known;
        }
        DefaultDockerClientConfig.Builder config = DefaultDockerClientConfig.createDefaultConfigBuilder();
        if (!settings.host().isEmpty()) {
            config.withDockerHost(settings.host());
        }
        DefaultDockerClientConfig built = config.build();
        known = DockerClientImpl.getInstance(
                built,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(built.getDockerHost())
                        .maxConnections(64)
                        .connectionTimeout(Duration.ofSeconds(5))
                        .responseTimeout(ANSWER)
                        .build());
        connected = known;
        return known;
    }

    /**
     * Asks Docker for something on another thread: who waits for a Docker that hangs can be told to stop.
     *
     * @throws CogException if Docker does not do it
     * @throws CanceledException from the checkpoint
     */
    <T> T ask(Callable<T> question, Checkpoint checkpoint) throws CogException, CanceledException, InterruptedException {
        try {
            return Waiting.call(question, checkpoint);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** What it means for a job that Docker did not do its part. */
    static CogException failure(@Nullable Throwable cause) {
        if (cause instanceof CogException known) {
            return known;
        }
        String message = cause == null ? "" : String.valueOf(cause.getMessage());
        return message.contains("could not select device driver") || message.contains("nvidia-container")
                ? new CogException("this worker has no GPU container runtime: install the NVIDIA Container Toolkit", false, cause)
                : new CogException("the model's container could not be started: " + message, false, cause);
    }

    /** Makes sure that Docker answers. @throws CogException if it does not */
    private void reach(Checkpoint checkpoint) throws CogException, CanceledException, InterruptedException {
        // Made before the time runs: loading its classes can take seconds on a busy machine, and is no word about Docker.
        DockerClient client = client();
        Checkpoint limit = Waiting.until(System.nanoTime() + QUICK.toNanos());
        try {
            Void unused = Waiting.call(() -> client.pingCmd().exec(), () -> {
                checkpoint.check();
                limit.check();
            });
        } catch (ExecutionException | CanceledException absent) {
            checkpoint.check();
            throw new CogException("this worker cannot start containers: Docker does not answer", false, absent);
        }
        Waiting.lock(cleaning, checkpoint);
        try {
            if (!cleaned) {
                // Before the first container: what is left behind holds device memory.
                cleaned = ask(this::removeLeftOvers, checkpoint);
            }
        } finally {
            cleaning.unlock();
        }
    }

    // An executor that was killed could not end its containers.
    private boolean removeLeftOvers() {
        DockerOwner here = DockerOwner.self();
        try {
            for (Container container :
                    client().listContainersCmd().withShowAll(true).withLabelFilter(List.of(DockerOwner.LABEL)).exec()) {
                DockerOwner owner = DockerOwner.parse(container.getLabels().getOrDefault(DockerOwner.LABEL, "")).orElse(null);
                // After a reboot nothing runs; one that does belongs to another machine that uses this Docker.
                boolean ended = "exited".equals(container.getState());
                if (owner != null && (owner.isGone(here) || (ended && owner.isOfAnotherBoot(here)))) {
                    LOG.atInfo().addKeyValue("container", container.getId()).log("container of an executor that died removed");
                    remove(client(), container.getId());
                } else if (owner != null && !owner.namespace().equals(here.namespace())) {
                    LOG.atInfo()
                            .addKeyValue("container", container.getId())
                            .log("container of an executor that cannot be seen from here left alone");
                }
            }
        } catch (DockerException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("containers of executors that died not removed");
        }
        return true;
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
        reach(checkpoint);
        DockerClient client = client();
        boolean here = ask(() -> isHere(client, image), checkpoint);
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

    /** Docker tells of most failures in the middle of an answer that began well. */
    private static final class Pulling extends ResultCallback.Adapter<PullResponseItem> {
        @Override
        public void onNext(PullResponseItem item) {
            ResponseItem.ErrorDetail error = item.getErrorDetail();
            if (error != null) {
                onError(new DockerException(String.valueOf(error.getMessage()), 500));
            }
        }
    }

    private static void pull(DockerClient client, String image, Checkpoint checkpoint)
            throws CogException, CanceledException, InterruptedException {
        LOG.atInfo().addKeyValue("image", image).log("fetching image");
        // Without a tag Docker would fetch all of them.
        boolean exact = image.contains("@") || image.lastIndexOf(':') > image.lastIndexOf('/');
        try (var pulling = client.pullImageCmd(exact ? image : image + ":latest")
                .exec(new Pulling())) {
            while (!pulling.awaitCompletion(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                checkpoint.check();
            }
        } catch (IOException | DockerException e) {
            throw new CogException("the model's image could not be fetched: " + e.getMessage(), false, e);
        }
    }

    /** The schema in an image's label; empty if the image is not here or has none. */
    Optional<ObjectNode> schema(String image) throws InterruptedException {
        Checkpoint limit = Waiting.until(System.nanoTime() + QUICK.toNanos());
        try {
            reach(limit);
            return ask(() -> label(image), limit);
        } catch (CogException | CanceledException absent) {
            LOG.atDebug().addKeyValue("image", image).setCause(absent).log("no schema in the image's label");
            return Optional.empty();
        }
    }

    private Optional<ObjectNode> label(String image) {
        var config = client().inspectImageCmd(image).exec().getConfig();
        Map<String, String> labels = config == null ? null : config.getLabels();
        String schema = labels == null ? null : labels.get(SCHEMA_LABEL);
        JsonNode document = schema == null ? null : CogClient.json(schema.getBytes(StandardCharsets.UTF_8));
        return document instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    /** Where containers send their webhooks and files: the gateway of their network, which nobody outside reaches. */
    CogListener listener() throws IOException {
        CogListener known = opened();
        if (known != null) {
            return known;
        }
        try {
            String host = settings.network().listen().isEmpty() ? gateway() : settings.network().listen();
            return open(host);
        } catch (CogException | RuntimeException e) {
            throw new IOException("no address for containers", e);
        }
    }

    private synchronized @Nullable CogListener opened() {
        return listener;
    }

    private synchronized CogListener open(String host) throws IOException {
        CogListener known = listener;
        if (known == null) {
            known = new CogListener(new InetSocketAddress(host, 0), host, uploads);
            listener = known;
        }
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
