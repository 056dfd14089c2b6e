package dev.auspex.gateway.app;

import dev.auspex.gateway.files.DiskReserve;
import dev.auspex.gateway.files.ExpirySweep;
import dev.auspex.gateway.http.ApiRouter;
import dev.auspex.gateway.http.BaseUrl;
import dev.auspex.gateway.http.GatewayParts;
import dev.auspex.gateway.http.HttpEdge;
import dev.auspex.gateway.kafka.AccessFollower;
import dev.auspex.gateway.kafka.CatalogueFollower;
import dev.auspex.gateway.kafka.DeploymentFollower;
import dev.auspex.gateway.kafka.RecordSender;
import dev.auspex.gateway.kafka.WorkerFollower;
import dev.auspex.gateway.router.RouterClient;
import dev.auspex.gateway.stream.EventHub;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.http.InternalAccess;
import dev.auspex.runtime.lifecycle.Service;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP edge: Replicate's API in front of Kafka. Stateless: what is accepted is in Kafka before the client hears of it,
 * what is read comes from the routers. Also serves {@code /healthz}, {@code /readyz} and {@code /metrics}.
 */
public final class IngestGateway implements Service {

    /** How long a read is tried while no router answers: one that restarts is back by then. */
    private static final Duration ROUTER_PATIENCE = Duration.ofSeconds(8);
    private static final long MIN_WAITING_BYTES = 64L << 20;

    private final ServiceContext context;
    private final Supplier<List<String>> readiness;
    private volatile @Nullable Running running;
    private volatile int port;
    private volatile boolean stopping;

    /** A gateway whose {@code /readyz} speaks for itself only. */
    public IngestGateway(ServiceContext context) {
        this.context = context;
        this.readiness = this::problems;
    }

    /** @param readiness what {@code /readyz} says: why the whole process is not ready, empty when it is */
    public IngestGateway(ServiceContext context, Supplier<List<String>> readiness) {
        this.context = context;
        this.readiness = readiness;
    }

    @Override
    public String name() {
        return "gateway";
    }

    /** @throws dev.auspex.runtime.config.ConfigException if host and port cannot be used */
    @Override
    public void start() throws Exception {
        Running parts = build();
        running = parts;
        parts.sender().start();
        parts.catalogue().start();
        parts.deployments().start();
        parts.access().start();
        parts.workers().start();
        parts.events().start();
        port = parts.edge().listen();
    }

    private Running build() {
        Settings settings = context.settings();
        Topics topics = context.topics();
        List<String> written = new ArrayList<>(topics.allJobs());
        written.add(topics.heldJobs());
        written.add(topics.commands());
        written.add(topics.access());
        int inFlight = settings.get(Keys.GATEWAY_INFLIGHT);
        CatalogueFollower catalogue = new CatalogueFollower(context.kafka(), topics);
        DeploymentFollower deployments = new DeploymentFollower(context.kafka(), topics);
        AccessFollower access = new AccessFollower(context.kafka(), topics);
        WorkerFollower workers = new WorkerFollower(context);
        RecordSender sender = new RecordSender(
                context.kafka(),
                written,
                inFlight,
                // Bodies can be megabytes: what waits for Kafka must not fill the heap.
                Math.max(MIN_WAITING_BYTES, Runtime.getRuntime().maxMemory() / 4));
        RouterClient router = new RouterClient(
                context.vertx(),
                settings.get(Keys.ROUTER_URL),
                new InternalAccess(context.secret(), "router"),
                ROUTER_PATIENCE,
                inFlight);
        EventHub events = new EventHub(context);
        DiskReserve reserve = new DiskReserve(
                context.vertx(),
                settings.find(Keys.FILES_FOLDER).orElse(settings.get(Keys.DATA)),
                settings.get(Keys.DISK_RESERVE));
        ApiRouter api = new ApiRouter(
                new GatewayParts(context, catalogue, deployments, access, sender, router, events, new BaseUrl(settings)),
                workers,
                readiness,
                reserve);
        HttpEdge edge = new HttpEdge(context.vertx(), settings, api::handle);
        ExpirySweep sweep = new ExpirySweep(context.vertx(), context.files(), ExpirySweep.INTERVAL);
        return new Running(
                catalogue, deployments, access, workers, sender, router, events, new Watches(sweep, reserve), api, edge);
    }

    /** Whether the model can be predicted with: its registration has come back from the catalogue. Any thread. */
    public boolean knows(ModelName model) {
        Running parts = running;
        return parts != null && parts.catalogue().catalogue().model(model).isPresent();
    }

    /** Every route for which a token is asked, once it has started; for tests and documents. */
    public List<String> routes() {
        Running parts = running;
        return parts == null ? List.of() : parts.api().paths();
    }

    /** The port it listens on, once it has started. */
    public int port() {
        return port;
    }

    @Override
    public List<String> problems() {
        Running parts = running;
        if (stopping) {
            return List.of("stopping");
        }
        if (parts == null || !parts.catalogue().isCaughtUp() || !parts.deployments().isCaughtUp()) {
            return List.of("reading the catalogue");
        }
        if (!parts.access().isCaughtUp()) {
            return List.of("reading the tokens");
        }
        return parts.events().problems();
    }

    @Override
    public void stop(Duration limit) throws Exception {
        stopping = true;
        Running parts = running;
        if (parts != null) {
            parts.stop(limit);
        }
    }

    /** What looks at the files now and then. */
    private record Watches(ExpirySweep sweep, DiskReserve reserve) {

        void close() {
            sweep.close();
            reserve.close();
        }
    }

    private record Running(
            CatalogueFollower catalogue,
            DeploymentFollower deployments,
            AccessFollower access,
            WorkerFollower workers,
            RecordSender sender,
            RouterClient router,
            EventHub events,
            Watches watches,
            ApiRouter api,
            HttpEdge edge) {

        /** In this order: requests under way still need the sender and the router. */
        void stop(Duration limit) throws Exception {
            api.endWaits();
            Duration third = limit.dividedBy(3);
            List<Exception> failures = new ArrayList<>();
            attempt(() -> edge.shutdown(third), failures);
            attempt(() -> sender.stop(third), failures);
            attempt(() -> router.close().await(third.toMillis(), TimeUnit.MILLISECONDS), failures);
            attempt(() -> events.stop(third), failures);
            attempt(watches::close, failures);
            attempt(() -> catalogue.stop(third), failures);
            attempt(() -> deployments.stop(third), failures);
            attempt(() -> access.stop(third), failures);
            attempt(() -> workers.stop(third), failures);
            if (!failures.isEmpty()) {
                Exception first = failures.removeFirst();
                failures.forEach(first::addSuppressed);
                throw first;
            }
        }

        private static void attempt(Step step, List<Exception> failures) {
            try {
                step.run();
            } catch (Exception e) {
                failures.add(e);
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }
}
