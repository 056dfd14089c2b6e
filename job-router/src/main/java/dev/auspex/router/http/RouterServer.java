package dev.auspex.router.http;

import dev.auspex.router.query.ClaimReads;
import dev.auspex.router.query.ClaimWaiters;
import dev.auspex.router.query.CompletionWaiters;
import dev.auspex.router.query.PredictionReads;
import dev.auspex.router.query.QueuedReads;
import dev.auspex.router.query.UsageReads;
import dev.auspex.router.query.UsageRecount;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.http.InternalAccess;
import dev.auspex.runtime.http.ManagementServer;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers gateways and other routers. Listens before there is anything to read, because the stream processor has to know
 * the port; until then it answers 503. Start and stop it from one thread.
 */
public final class RouterServer {

    private static final Logger LOG = LoggerFactory.getLogger(RouterServer.class);

    private final ServiceContext context;
    private final InternalAccess access;
    private final AtomicReference<@Nullable PredictionReads> reads = new AtomicReference<>();
    private final AtomicReference<@Nullable ClaimReads> claimReads = new AtomicReference<>();
    private final UsageHandler usage;
    private final QueuedHandler queued;
    private final Reader reader;
    private final Peers peers;
    private final HttpServer server;

    /**
     * Prepares the routes.
     *
     * @param waiters told of predictions that end here
     * @param claims told of claims that are decided here
     * @param problems why the router is not ready
     * @param replays what is served of replays
     */
    public RouterServer(
            ServiceContext context,
            CompletionWaiters waiters,
            ClaimWaiters claims,
            Supplier<List<String>> problems,
            ReplayRoutes replays) {
        this.context = context;
        this.access = new InternalAccess(context.secret(), "router");
        this.reader = new Reader(context.vertx(), reads);
        this.peers = new Peers(context.vertx(), access.header());
        Router routes = Router.router(context.vertx());
        ManagementServer.mount(routes, context, problems);
        routes.route("/internal/*").handler(this::authorize);
        routes.get("/internal/predictions/:account/:id").handler(new PointHandler(reader, waiters, peers));
        routes.get("/internal/predictions/:account").handler(new ListHandler(reader, peers));
        routes.get("/internal/claims/:account/:claim").handler(new ClaimHandler(claimReads, reader, claims, peers));
        this.usage = new UsageHandler(reader, peers);
        routes.get("/internal/usage").handler(usage);
        this.queued = new QueuedHandler(reader, peers);
        routes.get("/internal/queued").handler(queued);
        replays.mount(routes);
        this.server = context.vertx().createHttpServer(new HttpServerOptions()).requestHandler(routes);
    }

    /** Listens. @return the port @throws Exception if that is not possible, such as when the port is taken */
    public int start() throws Exception {
        String host = context.settings().get(Keys.ROUTER_HOST);
        int port = context.settings().get(Keys.ROUTER_PORT);
        server.listen(port, host).await(30, TimeUnit.SECONDS);
        LOG.atInfo().addKeyValue("host", host).addKeyValue("port", server.actualPort()).log("router listens");
        return server.actualPort();
    }

    /** From now on there is something to read. */
    public void serve(PredictionReads source, ClaimReads claimSource, UsageReads usageSource, UsageRecount recount) {
        reads.set(source);
        claimReads.set(claimSource);
        usage.serve(usageSource, recount, source);
    }

    /** From now on the queues can be counted. */
    public void serve(QueuedReads queues) {
        queued.serve(queues);
    }

    /** Answers what is under way, then closes. */
    public void stop(Duration limit) throws Exception {
        try {
            server.shutdown(Math.max(1, limit.toMillis() / 2), TimeUnit.MILLISECONDS)
                    .await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            peers.close();
            reader.close();
        }
    }

    private void authorize(RoutingContext ctx) {
        if (access.isShownBy(ctx.request())) {
            ctx.next();
        } else {
            Reply.problem(ctx.response(), 401, "expected the installation's internal token");
        }
    }
}
