package dev.auspex.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.replay.Replay;
import dev.auspex.protocol.replay.ReplayJson;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.router.replay.DeadLetters;
import dev.auspex.router.replay.ReplayRefusedException;
import dev.auspex.router.replay.Replays;
import dev.auspex.router.replay.Replays.Reception;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /internal/replays} and {@code /internal/dead}, for gateways: every router answers for all of them. Event loop
 * only.
 */
public final class ReplayRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayRoutes.class);
    private static final int PAGE = 100;

    private volatile @Nullable Answers answers;

    /** Who knows. */
    private record Answers(Replays replays, DeadLetters dead) {}

    /** From now on there is somebody to ask; until then the answer is 503. Any thread. */
    public void serve(Replays replays, DeadLetters dead) {
        answers = new Answers(replays, dead);
    }

    /** Adds the routes behind whatever guards {@code /internal}. */
    public void mount(Router routes) {
        routes.post("/internal/replays/:account").handler(this::create);
        routes.get("/internal/replays/:account").handler(this::list);
        routes.get("/internal/replays/:account/:id")
                .handler(ctx -> one(ctx, from -> from.replays()::find, ReplayJson::of));
        routes.post("/internal/replays/:account/:id/cancel")
                .handler(ctx -> one(ctx, from -> from.replays()::cancel, ReplayJson::of));
        routes.get("/internal/dead/:account").handler(this::dead);
        routes.get("/internal/dead/:account/:id").handler(ctx -> one(ctx, from -> from.dead()::find, json -> json));
    }

    private void create(RoutingContext ctx) {
        boolean dry = "true".equals(ctx.request().getParam("dry_run"));
        ctx.request().body().onSuccess(body -> {
            Optional<ReplayRequest> request = Replays.read(body.getBytes());
            if (request.isEmpty() || !request.get().account().value().equals(ctx.pathParam("account"))) {
                Reply.problem(ctx.response(), 400, "expected a replay request of the account");
            } else if (dry) {
                answer(ctx, from -> from.replays().dryRun(request.get()), report -> reply(ctx, report.toJson(request.get())));
            } else {
                answer(ctx, from -> from.replays().create(request.get()), reception -> received(ctx, reception));
            }
        });
    }

    private static void received(RoutingContext ctx, Reception reception) {
        switch (reception) {
            case Reception.Accepted(Replay replay) -> reply(ctx, ReplayJson.of(replay));
            case Reception.Conflicting() -> Reply.problem(ctx.response(), 409, "The id belongs to another request.");
            case Reception.TooMany(int limit) -> Reply.problem(
                    ctx.response(), 429, "At most " + limit + " replays of an account may be unfinished.");
        }
    }

    private void list(RoutingContext ctx) {
        account(ctx).ifPresent(account -> answer(ctx, from -> from.replays().list(account), all -> {
            ArrayNode array = Json.mapper().createArrayNode();
            all.stream().limit(PAGE).map(ReplayJson::of).forEach(array::add);
            reply(ctx, array);
        }));
    }

    private void dead(RoutingContext ctx) {
        account(ctx).ifPresent(account -> answer(ctx, from -> from.dead().of(account), all -> {
            ArrayNode array = Json.mapper().createArrayNode();
            all.forEach(array::add);
            reply(ctx, array);
        }));
    }

    private <T> void one(
            RoutingContext ctx,
            Function<Answers, BiFunction<AccountId, PredictionId, CompletionStage<Optional<T>>>> question,
            Function<T, JsonNode> shown) {
        String id = ctx.pathParam("id");
        account(ctx).ifPresent(account -> {
            if (id == null || !PredictionId.isValid(id)) {
                Reply.problem(ctx.response(), 404, "There is no such thing.");
                return;
            }
            answer(ctx, from -> question.apply(from).apply(account, new PredictionId(id)), found -> found.ifPresentOrElse(
                    thing -> reply(ctx, shown.apply(thing)),
                    () -> Reply.problem(ctx.response(), 404, "There is no such thing.")));
        });
    }

    private static Optional<AccountId> account(RoutingContext ctx) {
        String account = ctx.pathParam("account");
        if (account == null || !AccountId.isValid(account)) {
            Reply.problem(ctx.response(), 404, "There is no such account.");
            return Optional.empty();
        }
        return Optional.of(new AccountId(account));
    }

    private <T> void answer(RoutingContext ctx, Function<Answers, CompletionStage<T>> question, Consumer<T> reply) {
        Answers from = answers;
        if (from == null) {
            Reply.later(ctx.response(), "The router is starting.");
            return;
        }
        Future.fromCompletionStage(question.apply(from), Vertx.currentContext()).onSuccess(reply::accept).onFailure(failure -> {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                    ? failure.getCause()
                    : failure;
            if (cause instanceof ReplayRefusedException refused) {
                Reply.problem(ctx.response(), 422, String.valueOf(refused.getMessage()));
            } else {
                LOG.atWarn().addKeyValue("cause", cause.toString()).log("question about replays not answered");
                Reply.later(ctx.response(), "The router cannot tell right now.");
            }
        });
    }

    private static void reply(RoutingContext ctx, JsonNode json) {
        Reply.json(ctx.response(), Buffer.buffer(Json.bytes(json)));
    }
}
