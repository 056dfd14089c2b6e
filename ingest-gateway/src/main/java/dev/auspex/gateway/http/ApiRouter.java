package dev.auspex.gateway.http;

import dev.auspex.gateway.files.DiskReserve;
import dev.auspex.gateway.files.FileRoutes;
import dev.auspex.gateway.kafka.WorkerFollower;
import dev.auspex.gateway.openapi.ApiDocument;
import dev.auspex.gateway.stream.StreamRoutes;
import dev.auspex.runtime.http.ManagementServer;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Puts all routes together. They are written for addresses under {@code /v1}; {@link CanonicalPath} sends the other forms
 * there. One instance serves all event loops.
 */
public final class ApiRouter {

    private final Router router;
    private final SyncWaits waits;
    private final StreamRoutes streams;
    private final QueueLimits queues;
    private final RunCounts runs;

    /**
     * @param workers how the executors stand
     * @param readiness why the process is not ready; empty when it is
     * @param reserve asked before anything new is taken
     */
    public ApiRouter(
            GatewayParts parts, WorkerFollower workers, Supplier<List<String>> readiness, DiskReserve reserve) {
        ServiceContext context = parts.context();
        CreatedPredictions created = new CreatedPredictions(context.metrics());
        waits = new SyncWaits(parts.router());
        queues = new QueueLimits(parts);
        runs = new RunCounts(parts);
        router = Router.router(context.vertx());
        ManagementServer.mount(router, context, readiness);

        router.route().handler(new RequestMetrics(context.metrics()));
        KeyClaims claims = new KeyClaims(parts);
        FileRoutes files = new FileRoutes(context, claims, parts.baseUrl()::of);
        files.mountOutputs(router);
        ApiDocument document = ApiDocument.load();
        new DocsRoutes(document).mount(router);
        router.route().handler(new CanonicalPath(parts.baseUrl()));
        // Their address is the permission, so they come before the token is asked for.
        streams = new StreamRoutes(context, parts.events(), parts::lookUp);
        streams.mount(router, "/v1");
        files.mountOpen(router, "/v1");
        router.route("/v1/*").handler(new Authentication(parts));
        router.route("/v1/*").handler(new RequestCheck(document));

        for (String create : List.of(
                "/v1/predictions", "/v1/models/:owner/:name/predictions", "/v1/deployments/:owner/:name/predictions")) {
            router.post(create).handler(reserve).handler(queues);
        }
        router.post("/v1/files").handler(reserve);
        new CreateRoutes(parts, claims, created, waits, queues).mount(router);
        new PredictionRoutes(parts).mount(router);
        new ModelRoutes(parts, runs).mount(router);
        new ModelChangeRoutes(parts, runs).mount(router);
        new DeploymentRoutes(parts).mount(router);
        new DiscoveryRoutes(parts, runs).mount(router);
        new AccountRoutes(context).mount(router);
        new WebhookRoutes(parts).mount(router);
        new ReplayRoutes(parts).mount(router);
        new UsageRoutes(parts).mount(router);
        new AccessRoutes(parts).mount(router);
        new WorkerRoutes(parts, workers).mount(router);
        files.mountAuthenticated(router, "/v1");
        FailureHandler.mount(router);
    }

    /** Everything that is mounted. */
    Router routes() {
        return router;
    }

    /** Every route for which a token is asked, as method and path with {@code :parameters}. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (Route route : router.getRoutes()) {
            String path = route.getName(); // getPath() is null where there are parameters
            if (path != null && path.startsWith("/v1/") && route.methods() != null) {
                route.methods().forEach(method -> paths.add(method.name() + " " + path));
            }
        }
        return paths.stream().distinct().sorted().toList();
    }

    /** Answers a request. */
    public void handle(HttpServerRequest request) {
        router.handle(request);
    }

    /**
     * Answers requests that wait for the end of their prediction at once, as if their time were over, and breaks off
     * event streams, whose clients resume elsewhere. Any thread.
     */
    public void endWaits() {
        queues.close();
        runs.close();
        waits.end();
        streams.close();
    }
}
