package dev.auspex.executor.cog;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Ports;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Cog server in a container of its own that this executor starts and ends. Safe for any thread. */
final class DockerPlace implements CogPlace {

    private static final Logger LOG = LoggerFactory.getLogger(DockerPlace.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int TAIL_LINES = 200;
    private static final long LOG_SECONDS = 5;
    private static final int OUT_OF_MEMORY = 137;

    private final String image;
    private final boolean gpu;
    private final DockerHost host;
    private final DockerRoom room;
    private final String uploadWord;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Started started;
    private volatile boolean writableRoot;

    private record Started(String container, URI address) {}

    /** @param gpu whether it gets devices */
    DockerPlace(String image, boolean gpu, DockerHost host, DockerRoom room) {
        this.image = image;
        this.gpu = gpu;
        this.host = host;
        this.room = room;
        byte[] word = new byte[16];
        new SecureRandom().nextBytes(word);
        this.uploadWord = HexFormat.of().formatHex(word);
    }

    @Override
    public URI address(Checkpoint checkpoint) throws CogException, CanceledException, InterruptedException {
        Started known = started;
        if (known != null) {
            return known.address();
        }
        while (!lock.tryLock(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            checkpoint.check(); // another slot starts it
        }
        try {
            known = started;
            if (known == null) {
                host.fetch(image, checkpoint);
                room.enter(this, checkpoint);
                known = start(host.client());
                started = known;
            }
            return known.address();
        } catch (DockerException e) {
            throw failed(e);
        } catch (IOException e) {
            throw new CogException("the model's container could not be started: " + e.getMessage(), false, e);
        } finally {
            lock.unlock();
        }
    }

    private static CogException failed(DockerException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("could not select device driver") || message.contains("nvidia-container")
                ? new CogException("this worker has no GPU container runtime: install the NVIDIA Container Toolkit", false, e)
                : new CogException("the model's container could not be started: " + message, false, e);
    }

    private Started start(DockerClient client) throws IOException, CogException {
        CogListener listener = host.listener();
        listener.uploads().allow(uploadWord);
        String container = new DockerOrder(image, gpu, writableRoot, host.settings())
                .create(client, listener.uploadUrl(uploadWord));
        try {
            client.startContainerCmd(container).exec();
            InspectContainerResponse shown = client.inspectContainerCmd(container).exec();
            Ports.Binding[] bindings =
                    shown.getNetworkSettings().getPorts().getBindings().get(ExposedPort.tcp(DockerOrder.PORT));
            if (bindings == null || bindings.length == 0) {
                // It has ended already: whoever asks for its health is told why.
                bindings = new Ports.Binding[] {Ports.Binding.bindPort(1)};
            }
            LOG.atInfo()
                    .addKeyValue("image", image)
                    .addKeyValue("container", container)
                    .addKeyValue("gpu", gpu)
                    .addKeyValue("read_only", !writableRoot)
                    .log("container started");
            return new Started(container, URI.create("http://127.0.0.1:" + bindings[0].getHostPortSpec()));
        } catch (DockerException e) {
            DockerHost.remove(client, container);
            throw e;
        }
    }

    @Override
    public Optional<End> ended() {
        Started known = started;
        if (known == null) {
            return Optional.empty();
        }
        try {
            DockerClient client = host.client();
            InspectContainerResponse.ContainerState state =
                    client.inspectContainerCmd(known.container()).exec().getState();
            if (Boolean.TRUE.equals(state.getRunning())) {
                return Optional.empty();
            }
            String logs = logs(client, known.container());
            if (loosen(logs)) {
                return Optional.empty();
            }
            forget(known, client);
            return Optional.of(new End(how(state), logs));
        } catch (NotFoundException gone) {
            started = null;
            room.leave(this);
            return Optional.of(new End("its container was removed", ""));
        } catch (CogException | DockerException | InterruptedException e) {
            LOG.atWarn().addKeyValue("image", image).addKeyValue("cause", e.getMessage()).log("container not inspected");
            return Optional.empty();
        }
    }

    @Override
    public boolean loosen(String said) {
        if (writableRoot || !said.contains("Read-only file system")) {
            return false;
        }
        LOG.atWarn().addKeyValue("image", image).log("the model writes beside /tmp: started again with a writable root");
        writableRoot = true;
        return kill(Duration.ZERO);
    }

    private static String how(InspectContainerResponse.ContainerState state) {
        Long code = state.getExitCodeLong();
        boolean memory = Boolean.TRUE.equals(state.getOOMKilled()) || (code != null && code == OUT_OF_MEMORY);
        return "its container ended with exit code " + code + (memory ? ", perhaps out of memory" : "");
    }

    private static String logs(DockerClient client, String container) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        ResultCallback.Adapter<Frame> lines = new ResultCallback.Adapter<>() {
            @Override
            public void onNext(Frame frame) {
                text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
            }
        };
        boolean unused = client.logContainerCmd(container)
                .withStdOut(true)
                .withStdErr(true)
                .withTail(TAIL_LINES)
                .exec(lines)
                .awaitCompletion(LOG_SECONDS, TimeUnit.SECONDS);
        return text.toString();
    }

    private void forget(Started known, DockerClient client) {
        started = null;
        room.leave(this);
        DockerHost.remove(client, known.container());
    }

    @Override
    public boolean kill(Duration limit) {
        Started known = started;
        if (known == null) {
            return true;
        }
        try {
            forget(known, host.client());
            LOG.atInfo().addKeyValue("image", image).addKeyValue("container", known.container()).log("container ended");
            return true;
        } catch (CogException | DockerException e) {
            LOG.atError().addKeyValue("image", image).setCause(e).log("container not ended");
            return false;
        }
    }

    @Override
    public CogListener listener() throws IOException {
        return host.listener();
    }

    @Override
    public String name() {
        return image;
    }

    @Override
    public void close() {
        boolean unused = kill(Duration.ZERO);
    }
}
