package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.executor.domain.KeptServer;
import dev.auspex.executor.hardware.Hardware;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Cog servers of this executor, one for each address or image, shared by all slots. Safe for any thread. */
public final class CogServers implements AutoCloseable {

    /**
     * What is set for them.
     *
     * @param listen where webhooks and files of servers that are already running come to
     * @param port there; 0 for a free one
     * @param uploadWord lets servers upload that this executor did not start; empty for none
     * @param folder for uploads
     * @param maxBytes of one file
     */
    public record Inbound(String listen, int port, String uploadWord, Path folder, long maxBytes) {}

    /**
     * How long is waited.
     *
     * @param setup for a server's set-up
     * @param absent for a server that does not answer
     * @param grace for a model that was told to stop: after half of it its server is ended, for which it has a quarter
     * @param idle until a container that jobs have used makes room for one that is only to be kept
     */
    public record Waits(Duration setup, Duration absent, Duration grace, Duration idle) {}

    /** The words of {@link #standing}. */
    public static final List<String> STATES = CogStanding.STATES;

    private static final Logger LOG = LoggerFactory.getLogger(CogServers.class);

    private final Inbound inbound;
    private final Waits waits;
    private final CogClient client = new CogClient();
    private final CogUploads uploads;
    private final Listening listening = new Listening();
    private final DockerHost docker;
    private final DockerRoom room;
    private final Clock clock;
    private final Map<Key, CogKeeper> servers = new ConcurrentHashMap<>();

    /** What is one server: an image is started once for each kind of class. */
    private record Key(Runner runner, boolean gpu) {}

    /** Opens nothing yet. @param clock tells since when servers stand as they do */
    public CogServers(Inbound inbound, Waits waits, DockerSettings containers, Clock clock) {
        this.clock = clock;
        this.inbound = inbound;
        this.waits = waits;
        this.uploads = new CogUploads(inbound.folder(), inbound.maxBytes());
        this.docker = new DockerHost(containers, uploads);
        this.room = new DockerRoom(containers.bounds().containers(), waits.idle());
        if (!inbound.uploadWord().isEmpty()) {
            uploads.allow(inbound.uploadWord());
        }
    }

    /** A listener that is opened when it is first needed. */
    final class Listening {
        private @Nullable CogListener open;

        /** Whether nobody on another machine can reach it. */
        boolean isLoopback() throws UnknownHostException {
            return InetAddress.getByName(inbound.listen()).isLoopbackAddress();
        }

        synchronized CogListener listener() throws IOException {
            CogListener listener = open;
            if (listener == null) {
                listener = new CogListener(
                        new InetSocketAddress(inbound.listen(), inbound.port()), inbound.listen(), uploads);
                open = listener;
            }
            return listener;
        }

        synchronized void close() {
            if (open != null) {
                open.close();
            }
        }
    }

    /**
     * Runs a prediction in the server of a Cog model, which is waited for or started first.
     *
     * @param gpu whether a container for it gets devices
     * @return the output as {@link dev.auspex.model.Predictor#predict} gives it
     * @throws ModelException if the model or the input is to blame
     * @throws CogException if the server is
     * @throws CanceledException if somebody asked it to stop and it has
     */
    public @Nullable Object run(Runner runner, boolean gpu, CogJob job)
            throws ModelException, CogException, CanceledException, IOException, InterruptedException {
        CogKeeper keeper = keeper(runner, gpu);
        CogServer server = keeper.server();
        keeper.enter();
        try {
            CogServer.Ready ready = server.await(job::checkBeforeStart, job.context()::log);
            CogCall.Limits limits = new CogCall.Limits(waits.grace().dividedBy(2), waits.absent().dividedBy(3));
            return new CogCall(server, ready, job, limits).run();
        } finally {
            keeper.leave();
        }
    }

    /**
     * Keeps these servers ready from now on, and no others. One that cannot be is logged, shown and tried again. Does not wait.
     */
    public void keep(Collection<KeptServer> wanted) {
        Map<CogKeeper, CogHold> holds = new HashMap<>();
        for (KeptServer one : wanted) {
            try {
                CogHold hold = one.always() ? CogHold.ALWAYS : CogHold.KEPT;
                CogKeeper keeper = keeper(one.runner(), !one.hardware().equals(Hardware.CPU));
                holds.merge(keeper, hold, (a, b) -> a.compareTo(b) > 0 ? a : b);
            } catch (ModelException e) {
                LOG.atWarn().addKeyValue("cause", e.getMessage()).log("Cog server is not kept");
            }
        }
        servers.values().forEach(keeper -> keeper.hold(holds.getOrDefault(keeper, CogHold.NONE)));
    }

    /** How those stand that are kept, run here or have lately been used. */
    public List<WorkerStatus.CogServer> standing() {
        return servers.values().stream()
                .flatMap(keeper -> keeper.status().stream())
                .sorted(Comparator.comparing(status -> status.runner().toString()))
                .toList();
    }

    /** What a server that runs says of its inputs and output; empty while none is known. Does not start one. */
    public Optional<ObjectNode> schema(Runner runner) throws InterruptedException {
        return switch (runner) {
            case Runner.CogUrl(String url) -> schemaAt(url);
            case Runner.CogDocker(String image) -> {
                Optional<ObjectNode> label = docker.schema(image);
                yield label.isPresent() ? label : servers.entrySet().stream()
                        .filter(server -> server.getKey().runner().equals(runner))
                        .flatMap(server -> Stream.ofNullable(server.getValue().server().knownSchema()))
                        .map(CogSchema::document)
                        .findFirst();
            }
            case Runner.Builtin builtin -> Optional.empty();
        };
    }

    private Optional<ObjectNode> schemaAt(String url) throws InterruptedException {
        try {
            // Nothing but a model's description goes into the catalogue, whoever answers there.
            return Optional.of(client.schema(address(url), () -> {})).filter(CogServers::describesAModel);
        } catch (IOException | ModelException | CanceledException absent) {
            return Optional.empty();
        }
    }

    private static boolean describesAModel(ObjectNode document) {
        return document.path("openapi").isTextual() && document.at("/components/schemas/Input").isObject();
    }

    private CogKeeper keeper(Runner runner, boolean gpu) throws ModelException {
        boolean devices = gpu && runner instanceof Runner.CogDocker && !docker.settings().gpus().isEmpty();
        Key key = new Key(runner, devices);
        CogKeeper known = servers.get(key);
        if (known != null) {
            return known;
        }
        CogPlace place = place(runner, devices);
        CogServer.Patience patience =
                new CogServer.Patience(waits.setup(), waits.absent(), waits.grace().dividedBy(4));
        return servers.computeIfAbsent(key, absent -> {
            CogKeeper keeper = new CogKeeper(runner, devices, new CogServer(place, client, patience, clock));
            keeper.start();
            return keeper;
        });
    }

    private CogPlace place(Runner runner, boolean gpu) throws ModelException {
        return switch (runner) {
            case Runner.CogUrl(String url) -> new UrlPlace(address(url), client, listening);
            case Runner.CogDocker(String image) -> new DockerPlace(image, gpu, docker, room);
            case Runner.Builtin builtin -> throw new IllegalArgumentException("not a Cog model: " + builtin);
        };
    }

    private static URI address(String url) throws ModelException {
        try {
            URI address = URI.create(url);
            // With a query Cog's paths would become part of it, and the address could name any page.
            boolean plain = address.getRawQuery() == null && address.getRawFragment() == null && address.getRawUserInfo() == null;
            if (List.of("http", "https").contains(address.getScheme()) && address.getHost() != null && plain) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ModelException("the model's runner has no valid address: expected http://host:port");
    }

    @Override
    public void close() {
        // Side by side: each may take its time.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            servers.values().forEach(keeper -> threads.execute(() -> {
                keeper.close();
                keeper.server().close();
            }));
        }
        docker.close();
        listening.close();
        client.close();
    }
}
