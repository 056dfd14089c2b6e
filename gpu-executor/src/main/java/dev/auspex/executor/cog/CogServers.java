package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.protocol.Runner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
     */
    public record Waits(Duration setup, Duration absent, Duration grace) {}

    private final Inbound inbound;
    private final Waits waits;
    private final CogClient client = new CogClient();
    private final CogUploads uploads;
    private final Listening listening = new Listening();
    private final DockerHost docker;
    private final DockerRoom room;
    private final Map<Key, CogServer> servers = new ConcurrentHashMap<>();

    /** What is one server: an image is started once for each kind of class. */
    private record Key(Runner runner, boolean gpu) {}

    /** Opens nothing yet. */
    public CogServers(Inbound inbound, Waits waits, DockerSettings containers) {
        this.inbound = inbound;
        this.waits = waits;
        this.uploads = new CogUploads(inbound.folder(), inbound.maxBytes());
        this.docker = new DockerHost(containers, uploads);
        this.room = new DockerRoom(containers.bounds().containers());
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
        CogServer server = server(runner, gpu);
        server.place().enter();
        try {
            long begun = System.nanoTime();
            CogServer.Ready ready = server.await(job::checkBeforeStart, job.context()::log);
            double waited = (System.nanoTime() - begun) / 1e9;
            if (waited > 1) {
                job.context().metric("setup_time", Math.round(waited * 1e3) / 1e3);
            }
            CogCall.Limits limits = new CogCall.Limits(waits.grace().dividedBy(2), waits.absent().dividedBy(3));
            return new CogCall(server, ready, job, limits).run();
        } finally {
            server.place().leave();
        }
    }

    /** What a server that runs says of its inputs and output; empty while none is known. Does not start one. */
    public Optional<ObjectNode> schema(Runner runner) throws InterruptedException {
        return switch (runner) {
            case Runner.CogUrl(String url) -> schemaAt(url);
            case Runner.CogDocker(String image) -> {
                Optional<ObjectNode> label = docker.schema(image);
                yield label.isPresent() ? label : servers.entrySet().stream()
                        .filter(server -> server.getKey().runner().equals(runner))
                        .flatMap(server -> Stream.ofNullable(server.getValue().knownSchema()))
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

    private CogServer server(Runner runner, boolean gpu) throws ModelException {
        boolean devices = gpu && runner instanceof Runner.CogDocker && !docker.settings().gpus().isEmpty();
        Key key = new Key(runner, devices);
        CogServer known = servers.get(key);
        if (known != null) {
            return known;
        }
        CogPlace place = place(runner, devices);
        CogServer.Patience patience =
                new CogServer.Patience(waits.setup(), waits.absent(), waits.grace().dividedBy(4));
        return servers.computeIfAbsent(key, absent -> new CogServer(place, client, patience));
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
            servers.values().forEach(server -> threads.execute(server::close));
        }
        docker.close();
        listening.close();
        client.close();
    }
}
