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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Cog server in a container of its own that this executor starts and ends. What Docker does for it goes on when the job
 * that asked for it is canceled: no container is left that nobody knows of. Safe for any thread.
 */
final class DockerPlace implements CogPlace {

    private static final Logger LOG = LoggerFactory.getLogger(DockerPlace.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final int TAIL_LINES = 200;
    private static final long LOG_SECONDS = 5;
    private static final int OUT_OF_MEMORY = 137;

    private final String image;
    private final boolean gpu;
    private final DockerHost host;
    private final DockerRoom room;
    private final String uploadWord;
    private final AtomicInteger users = new AtomicInteger();
    private final Object use = new Object();
    /** Held by who begins a start. */
    private final ReentrantLock lock = new ReentrantLock();
    /** Held by who finds out how a container ended. */
    private final ReentrantLock examining = new ReentrantLock();
    private volatile @Nullable Home started;
    private volatile @Nullable CompletableFuture<Home> starting;
    private volatile @Nullable CompletableFuture<Void> removing;
    private volatile @Nullable Ended last;
    private volatile boolean writableRoot;
    private volatile long usedAtNanos = System.nanoTime();
    private volatile CogHold hold = CogHold.NONE;
    private volatile boolean waiting;

    private record Ended(Home home, Optional<End> end) {}

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
    public void enter() {
        synchronized (use) {
            int unused = users.incrementAndGet();
        }
    }

    @Override
    public void leave() {
        usedAtNanos = System.nanoTime();
        int unused = users.decrementAndGet();
    }

    /** Whether no job needs it. */
    boolean isUnused() {
        return users.get() == 0;
    }

    /** When a job needed it last, by {@link System#nanoTime}. */
    long usedAtNanos() {
        return usedAtNanos;
    }

    /** Begins to end it to make room, unless a job has come to need it. */
    void retire() {
        synchronized (use) {
            Home known = started;
            if (isUnused() && known != null) {
                CompletableFuture<Void> unused = remove(known);
            }
        }
    }

    @Override
    public Home home(Checkpoint checkpoint) throws CogException, CanceledException, InterruptedException {
        Home known = started;
        if (known != null) {
            return known;
        }
        CompletableFuture<Home> coming;
        Waiting.lock(lock, checkpoint);
        try {
            awaitRemoval(checkpoint);
            coming = starting;
            known = started;
            if (known != null) {
                return known;
            }
            if (coming == null) {
                host.fetch(image, checkpoint);
                awaitRoom(checkpoint);
                coming = begin();
            }
        } finally {
            lock.unlock();
        }
        try {
            return Waiting.on(coming, checkpoint);
        } catch (ExecutionException e) {
            throw DockerHost.failure(e.getCause());
        }
    }

    private void awaitRoom(Checkpoint checkpoint) throws CogException, CanceledException, InterruptedException {
        waiting = true;
        try {
            room.enter(this, checkpoint);
        } finally {
            waiting = false;
        }
    }

    private void awaitRemoval(Checkpoint checkpoint) throws CanceledException, InterruptedException {
        CompletableFuture<Void> leaving = removing;
        if (leaving != null) {
            try {
                Void unused = Waiting.on(leaving, checkpoint);
            } catch (ExecutionException e) {
                LOG.atDebug().setCause(e).log("the container is still there");
            }
        }
    }

    private CompletableFuture<Home> begin() {
        CompletableFuture<Home> coming = new CompletableFuture<>();
        starting = coming;
        Thread unused = Thread.ofVirtual().name("container-start").start(() -> {
            try {
                Home home = start();
                started = home;
                starting = null;
                boolean told = coming.complete(home);
            } catch (CogException | IOException | RuntimeException e) {
                room.leave(this);
                starting = null;
                boolean told = coming.completeExceptionally(e);
            }
        });
        return coming;
    }

    private Home start() throws IOException, CogException {
        DockerClient client = host.client();
        CogListener listener = host.listener();
        listener.uploads().allow(uploadWord);
        boolean readOnly = !writableRoot;
        String container = new DockerOrder(image, gpu, !readOnly, host.settings())
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
                    .addKeyValue("read_only", readOnly)
                    .log("container started");
            return new Home(URI.create("http://127.0.0.1:" + bindings[0].getHostPortSpec()), container, readOnly);
        } catch (DockerException e) {
            DockerHost.remove(client, container);
            throw e;
        }
    }

    @Override
    public boolean isOwn() {
        return true;
    }

    @Override
    public @Nullable Home there() {
        return started;
    }

    @Override
    public boolean isWaiting() {
        return waiting;
    }

    @Override
    public void hold(CogHold wanted) {
        hold = wanted;
    }

    /** How much it is wanted while no job needs it. */
    CogHold hold() {
        return hold;
    }

    @Override
    public Optional<End> ended(Home home, Checkpoint checkpoint) throws CanceledException, InterruptedException {
        try {
            return host.ask(() -> examine(home), checkpoint);
        } catch (CogException e) {
            LOG.atWarn().addKeyValue("image", image).addKeyValue("cause", e.getMessage()).log("container not inspected");
            return Optional.empty();
        }
    }

    // Everybody who waits for the same container is told how it ended.
    private Optional<End> examine(Home home) throws InterruptedException {
        examining.lockInterruptibly();
        try {
            Ended known = last;
            if (known != null && known.home().equals(home)) {
                return known.end();
            }
            if (!home.equals(started)) {
                return Optional.empty();
            }
            Optional<End> end = inspect(home);
            if (!home.equals(started)) {
                last = new Ended(home, end);
            }
            return end;
        } finally {
            examining.unlock();
        }
    }

    private Optional<End> inspect(Home home) throws InterruptedException {
        DockerClient client = host.client();
        try {
            InspectContainerResponse.ContainerState state = client.inspectContainerCmd(home.id()).exec().getState();
            if (Boolean.TRUE.equals(state.getRunning())) {
                return Optional.empty();
            }
            String logs = logs(client, home.id());
            boolean loosened = loosen(home, logs);
            DockerHost.remove(client, home.id());
            forget(home);
            return loosened ? Optional.empty() : Optional.of(new End(how(state), logs));
        } catch (NotFoundException gone) {
            forget(home);
            return Optional.of(new End("its container was removed", ""));
        }
    }

    private void forget(Home home) {
        synchronized (this) {
            if (!home.equals(started)) {
                return;
            }
            started = null;
        }
        room.leave(this);
    }

    @Override
    public boolean loosen(Home home, String said) {
        if (!home.readOnly() || !said.contains("Read-only file system")) {
            return false;
        }
        LOG.atWarn().addKeyValue("image", image).log("the model writes beside /tmp: started again with a writable root");
        writableRoot = true;
        return true;
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

    /** Nobody is sent to it any more, and it is on its way out. */
    private synchronized CompletableFuture<Void> remove(Home home) {
        CompletableFuture<Void> leaving = removing;
        if (!home.equals(started)) {
            return leaving == null ? CompletableFuture.completedFuture(null) : leaving;
        }
        CompletableFuture<Void> removal = new CompletableFuture<>();
        started = null;
        removing = removal;
        Thread unused = Thread.ofVirtual().name("container-end").start(() -> {
            try {
                DockerHost.remove(host.client(), home.id());
                LOG.atInfo().addKeyValue("image", image).addKeyValue("container", home.id()).log("container ended");
                room.leave(this);
                removing = null;
                boolean told = removal.complete(null);
            } catch (RuntimeException e) {
                LOG.atError().addKeyValue("image", image).setCause(e).log("container not ended");
                started = home; // still there, to be ended again
                removing = null;
                boolean told = removal.completeExceptionally(e);
            }
        });
        return removal;
    }

    @Override
    public boolean kill(Home home, Duration limit) throws InterruptedException {
        try {
            Void unused = Waiting.on(remove(home), Waiting.until(System.nanoTime() + limit.toNanos()));
            return true;
        } catch (ExecutionException | CanceledException stillThere) {
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
        long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
        try {
            awaitStart(Waiting.until(deadline));
            Home known = started;
            if (known != null && !kill(known, Duration.ofNanos(deadline - System.nanoTime()))) {
                LOG.atWarn().addKeyValue("container", known.id()).log("container left behind: Docker has not ended it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitStart(Checkpoint checkpoint) throws InterruptedException {
        CompletableFuture<Home> coming = starting;
        if (coming != null) {
            try {
                Home unused = Waiting.on(coming, checkpoint);
            } catch (ExecutionException | CanceledException e) {
                LOG.atWarn().addKeyValue("image", image).setCause(e).log("container not started when the executor stopped");
            }
        }
    }
}
