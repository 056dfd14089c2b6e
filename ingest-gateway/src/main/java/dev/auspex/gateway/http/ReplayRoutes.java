package dev.auspex.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.IdempotencyKey;
import dev.auspex.gateway.domain.ReplayDemand;
import dev.auspex.gateway.domain.ReplayRequestReader;
import dev.auspex.gateway.router.ReplayClient;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.replay.ReplayFilter;
import dev.auspex.protocol.replay.ReplayOverrides;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.protocol.replay.ReplaySpec;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.http.InternalAccess;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Replays and dead letters of the caller's account. What the router says is passed on. */
final class ReplayRoutes {

    private static final long BODY_LIMIT = 1 << 20;

    private final GatewayParts parts;
    private final ReplayClient replays;
    private final ReplayRequestReader reader;
    private final SecureRandom random = new SecureRandom();

    ReplayRoutes(GatewayParts parts) {
        ServiceContext context = parts.context();
        this.parts = parts;
        this.reader = new ReplayRequestReader(context.topics().settings().hardware());
        this.replays = new ReplayClient(
                context.vertx(), context.settings().get(Keys.ROUTER_URL), new InternalAccess(context.secret(), "router"));
    }

    void mount(Router router) {
        router.post("/v1/replays").handler(ctx -> BodyReader.read(ctx, BODY_LIMIT, body -> create(ctx, body)));
        router.get("/v1/replays").handler(ctx -> list(ctx, replays.list(Caller.account(ctx))));
        router.get("/v1/replays/:id").handler(ctx -> one(ctx, replays.find(Caller.account(ctx), id(ctx))));
        router.post("/v1/replays/:id/cancel").handler(ctx -> one(ctx, replays.cancel(Caller.account(ctx), id(ctx))));
        router.get("/v1/dead").handler(ctx -> list(ctx, replays.deadLetters(Caller.account(ctx))));
        router.get("/v1/dead/:id").handler(ctx -> one(ctx, replays.deadLetter(Caller.account(ctx), id(ctx))));
        router.post("/v1/dead/:id/requeue").handler(this::requeue);
    }

    private void create(RoutingContext ctx, byte[] body) {
        ReplayDemand demand = reader.read(RequestCheck.json(ctx, body), parts.models(ctx));
        ReplayRequest request = request(ctx, demand.spec());
        if (demand.dryRun()) {
            one(ctx, replays.dryRun(request));
        } else {
            created(ctx, request);
        }
    }

    // A dead letter is requeued once: what a replay has taken before is skipped.
    private void requeue(RoutingContext ctx) {
        PredictionId id = id(ctx);
        ReplayFilter filter = new ReplayFilter(ends(), null, null, null, null, List.of(id), null, null);
        ReplayRequest request = request(ctx, new ReplaySpec(filter, ReplayOverrides.NONE, null, false));
        replays.deadLetter(Caller.account(ctx), id)
                .onSuccess(found -> created(ctx, request))
                .onFailure(ctx::fail);
    }

    private static List<PredictionStatus> ends() {
        return List.of(PredictionStatus.values()).stream().filter(PredictionStatus::isTerminal).toList();
    }

    private void created(RoutingContext ctx, ReplayRequest request) {
        replays.create(request)
                .onSuccess(body -> Replies.fresh(ctx, 201, body))
                .onFailure(ctx::fail);
    }

    private ReplayRequest request(RoutingContext ctx, ReplaySpec spec) {
        AccountId account = Caller.account(ctx);
        Instant now = parts.context().clock().instant().truncatedTo(ChronoUnit.MILLIS);
        // The same key is the same id on every gateway, and no other account can come by it.
        PredictionId id = IdempotencyKey.read(ctx.request().headers().getAll(IdempotencyKey.HEADER))
                .map(key -> parts.context().secret().derive("replay-key", account + "\n" + key.claim()))
                .map(hash -> PredictionId.derived(Instant.EPOCH, hash))
                .orElseGet(() -> PredictionId.create(now, random));
        return new ReplayRequest(id, account, spec, now, parts.baseUrl().of(ctx));
    }

    private static void one(RoutingContext ctx, Future<Buffer> asked) {
        asked.onSuccess(body -> Replies.fresh(ctx, 200, body)).onFailure(ctx::fail);
    }

    private static void list(RoutingContext ctx, Future<Buffer> asked) {
        asked.onSuccess(array -> page(ctx, array)).onFailure(ctx::fail);
    }

    // The newest ones are one page; older ones are found by id.
    private static void page(RoutingContext ctx, Buffer array) {
        try {
            JsonNode results = Json.parse(array.getBytes());
            ObjectNode page = Json.object();
            page.putNull("next");
            page.putNull("previous");
            page.set("results", results instanceof ArrayNode all ? all : Json.mapper().createArrayNode());
            Replies.fresh(ctx, 200, Buffer.buffer(Json.bytes(page)));
        } catch (IOException e) {
            ctx.fail(e);
        }
    }

    private static PredictionId id(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        if (id == null || !PredictionId.isValid(id)) {
            throw ApiException.notFound();
        }
        return new PredictionId(id);
    }
}
