package dev.auspex.dispatcher.api;

import dev.auspex.dispatcher.delivery.DeliveryLoop;
import dev.auspex.dispatcher.delivery.ResultSink;
import dev.auspex.dispatcher.kafka.EndpointRegistry;
import dev.auspex.dispatcher.log.DeliveryLog;
import dev.auspex.protocol.AccountId;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.http.InternalAccess;
import dev.auspex.runtime.http.ManagementServer;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers gateways, which pass on what clients ask under {@code /v1/webhooks} and about a prediction's deliveries; health
 * and metrics on the same port. Start and stop it from one thread.
 */
public final class ApiServer {

    /** The beginning of every address that is about one account. */
    static final String ACCOUNT = "/internal/accounts/:account";

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int MOST_BODY_BYTES = 64 * 1024;

    /**
     * Parts of the dispatcher that are asked.
     *
     * @param log where entries are looked up
     * @param results takes messages that are to be sent again
     * @param endpoints the registered ones
     * @param loop tries endpoints out
     */
    public record Parts(DeliveryLog log, ResultSink results, EndpointRegistry endpoints, DeliveryLoop loop) {}

    private final ServiceContext context;
    private final InternalAccess access;
    private final LogReader reader;
    private final PredictionReader predictions;
    private final HttpServer server;

    /**
     * Prepares the routes.
     *
     * @param parts of the dispatcher that are asked
     * @param problems why the dispatcher is not ready
     */
    public ApiServer(ServiceContext context, Parts parts, Supplier<List<String>> problems) {
        this.context = context;
        this.access = new InternalAccess(context.secret(), "dispatcher");
        this.reader = new LogReader(context.vertx(), parts.log());
        this.predictions = new PredictionReader(
                context.vertx(), context.settings().get(Keys.ROUTER_URL), new InternalAccess(context.secret(), "router"));
        Router routes = Router.router(context.vertx());
        ManagementServer.mount(routes, context, problems);
        routes.route("/internal/*").handler(this::authorize);
        routes.route("/internal/*").handler(BodyHandler.create(false).setBodyLimit(MOST_BODY_BYTES));
        routes.route(ACCOUNT + "/*").handler(ApiServer::checkAccount);
        new LogRoutes(reader).mount(routes);
        new RedeliveryRoutes(new Redelivery.Parts(reader, predictions, parts.results(), context.clock()))
                .mount(routes);
        new EndpointRoutes(new EndpointRoutes.Parts(context, parts.endpoints(), parts.loop())).mount(routes);
        routes.route("/internal/*").failureHandler(ctx -> {
            if (ctx.failure() == null) {
                Answer.problem(ctx, ctx.statusCode() < 400 ? 500 : ctx.statusCode(), "invalid-http", "The request cannot be read.");
            } else {
                Answer.failed(ctx, ctx.failure());
            }
        });
        routes.route("/internal/*").handler(Answer::notFound);
        this.server = context.vertx().createHttpServer().requestHandler(routes);
    }

    /** Listens. @throws Exception if that is not possible, such as when the port is taken */
    public void start() throws Exception {
        String host = context.settings().get(Keys.DISPATCHER_HOST);
        server.listen(context.settings().get(Keys.DISPATCHER_PORT), host).await(30, TimeUnit.SECONDS);
        LOG.atInfo().addKeyValue("host", host).addKeyValue("port", port()).log("dispatcher listens");
    }

    /** The port it listens on, once started. */
    public int port() {
        return server.actualPort();
    }

    /** Answers what is under way, then closes. */
    public void stop(Duration limit) throws Exception {
        try {
            server.shutdown(Math.max(1, limit.toMillis() / 2), TimeUnit.MILLISECONDS)
                    .await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            reader.close();
            predictions.close();
        }
    }

    /** Whose resources a request is about: the gateway took it from the caller's token. */
    static AccountId account(RoutingContext ctx) {
        return new AccountId(ctx.pathParam("account"));
    }

    private static void checkAccount(RoutingContext ctx) {
        String account = ctx.pathParam("account");
        if (account != null && AccountId.isValid(account)) {
            ctx.next();
        } else {
            Answer.notFound(ctx);
        }
    }

    private void authorize(RoutingContext ctx) {
        if (access.isShownBy(ctx.request())) {
            ctx.next();
        } else {
            Answer.problem(ctx, 401, "unauthenticated", "expected the installation's internal token");
        }
    }
}
