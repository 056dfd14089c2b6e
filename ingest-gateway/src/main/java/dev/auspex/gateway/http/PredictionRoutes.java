package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.PredictionPage;
import dev.auspex.gateway.domain.PredictionQuery;
import dev.auspex.gateway.domain.StatusNames;
import dev.auspex.gateway.kafka.SendResult;
import dev.auspex.gateway.router.RouterAnswer;
import dev.auspex.gateway.router.RouterClient;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.json.Serdes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading, listing and canceling predictions; what the router says is passed on byte for byte, but for {@link StatusNames}. */
final class PredictionRoutes {

    /** How long a cancel waits to show the canceled prediction instead of one that is about to be. */
    private static final Duration CANCEL_WAIT = Duration.ofSeconds(2);
    private static final Future<Void> NEVER = Promise.<Void>promise().future();

    private final GatewayParts parts;

    PredictionRoutes(GatewayParts parts) {
        this.parts = parts;
    }

    void mount(Router router) {
        router.get("/v1/predictions/:id").handler(this::get);
        router.get("/v1/predictions").handler(this::list);
        router.post("/v1/predictions/:id/cancel").handler(this::cancel);
    }

    private void get(RoutingContext ctx) {
        StatusNames names = statusNames(ctx);
        parts.router()
                .find(Caller.account(ctx), predictionId(ctx))
                .compose(answer -> switch (answer) {
                    case RouterAnswer.Found found -> Future.succeededFuture(found.body(names));
                    case RouterAnswer.Missing missing -> Future.<Buffer>failedFuture(ApiException.notFound());
                })
                .onSuccess(body -> Replies.fresh(ctx, 200, body))
                .onFailure(ctx::fail);
    }

    private void list(RoutingContext ctx) {
        StatusNames names = statusNames(ctx);
        PredictionQuery query = PredictionQuery.parse(name -> parameter(ctx, name));
        if (query.webOnly()) {
            // Whatever comes through this API has the source "api", and there is no other way in.
            Replies.fresh(ctx, 200, Buffer.buffer(PredictionPage.empty().envelope(null, null)));
            return;
        }
        parts.router()
                .list(Caller.account(ctx), query, names)
                .onSuccess(listed -> page(ctx, query, listed))
                .onFailure(ctx::fail);
    }

    private void page(RoutingContext ctx, PredictionQuery query, RouterClient.Listed listed) {
        try {
            PredictionPage page = PredictionPage.cut(
                    listed.array().getBytes(), PredictionQuery.PAGE, listed.cut(), query.after() != null);
            byte[] envelope = page.envelope(address(ctx, query.next(page)), address(ctx, query.previous(page)));
            Replies.fresh(ctx, 200, Buffer.buffer(envelope));
        } catch (IOException e) {
            ctx.fail(e);
        }
    }

    private @Nullable String address(RoutingContext ctx, @Nullable String query) {
        return query == null ? null : parts.baseUrl().of(ctx) + "/v1/predictions?" + query;
    }

    private void cancel(RoutingContext ctx) {
        AccountId account = Caller.account(ctx);
        PredictionId id = predictionId(ctx);
        StatusNames names = statusNames(ctx);
        parts.router()
                .find(account, id)
                .compose(answer -> switch (answer) {
                    case RouterAnswer.Missing missing ->
                        Future.<RouterAnswer.Found>failedFuture(ApiException.notFound());
                    case RouterAnswer.Found found when found.status().isTerminal() -> Future.succeededFuture(found);
                    case RouterAnswer.Found found -> command(account, id, found);
                })
                .onSuccess(found -> Replies.fresh(ctx, 200, found.body(names)))
                .onFailure(ctx::fail);
    }

    /** Writes the command and gives the prediction as it is soon after. */
    private Future<RouterAnswer.Found> command(AccountId account, PredictionId id, RouterAnswer.Found known) {
        Command command = new Command.CancelPrediction(id, account, parts.context().clock().instant());
        return parts.sender()
                .send(parts.context().topics().commands(), command.key(), Serdes.COMMAND.serialize(command))
                .compose(result -> result == SendResult.STORED
                        ? afterwards(account, id, known)
                        : Future.failedFuture(CreateRoutes.refusal(result)));
    }

    private Future<RouterAnswer.Found> afterwards(AccountId account, PredictionId id, RouterAnswer.Found known) {
        // The command is stored: it will be obeyed, even if nobody can say so now.
        return parts.router()
                .await(account, id, CANCEL_WAIT, NEVER)
                .map(answer -> answer instanceof RouterAnswer.Found found ? found : known)
                .otherwise(known);
    }

    private static PredictionId predictionId(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        if (id == null || !PredictionId.isValid(id)) {
            throw ApiException.notFound();
        }
        return new PredictionId(id);
    }

    /** What the caller asks for; the answer says that it depends on it. @throws ApiException 422 if it cannot be read */
    static StatusNames statusNames(RoutingContext ctx) {
        ctx.response().putHeader(HttpHeaders.VARY, StatusNames.HEADER);
        return StatusNames.read(ctx.request().headers().getAll(StatusNames.HEADER));
    }

    static @Nullable String parameter(RoutingContext ctx, String name) {
        List<String> values = ctx.queryParam(name);
        return values.isEmpty() ? null : values.getFirst();
    }
}
