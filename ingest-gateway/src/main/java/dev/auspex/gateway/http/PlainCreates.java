package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.CancelAfter;
import dev.auspex.gateway.domain.JobFactory;
import dev.auspex.gateway.domain.RequestHash;
import dev.auspex.gateway.kafka.SendResult;
import dev.auspex.gateway.router.RouterAnswer;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Serdes;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/**
 * Creates without an idempotency key. Official clients re-send them when a connection breaks; see {@link UnheardCreates}
 * for what is done about it. A request is hashed only if its client goes away or another one's has. Event loop only.
 */
final class PlainCreates {

    /** Sent by clients that count their tries, from 0. */
    private static final String RETRY_COUNT = "x-stainless-retry-count";
    private static final String FIRST_TRY = "0";

    private final GatewayParts parts;
    private final UnheardCreates unheard;

    PlainCreates(GatewayParts parts) {
        this.parts = parts;
        this.unheard = new UnheardCreates(parts.context().clock());
    }

    /**
     * A request without a key.
     *
     * @param account whose
     * @param body as it came
     * @param id what its prediction is called
     * @param draft of the job
     */
    record Wish(AccountId account, byte[] body, PredictionId id, JobFactory.Draft draft) {}

    /** Makes a prediction, unless this is the repetition of a request that was not answered. */
    Future<Made> make(RoutingContext ctx, Wish wish) {
        if (!unheard.isEmpty() && !FIRST_TRY.equals(ctx.request().getHeader(RETRY_COUNT))) {
            PredictionId earlier = unheard.take(hash(ctx, wish)).orElse(null);
            if (earlier != null) {
                return repeat(ctx, wish, earlier);
            }
        }
        return write(ctx, wish, wish.id());
    }

    private Future<Made> repeat(RoutingContext ctx, Wish wish, PredictionId earlier) {
        return parts.router()
                .find(wish.account(), earlier)
                .onFailure(unknown -> unheard.add(hash(ctx, wish), earlier))
                .compose(answer -> switch (answer) {
                    case RouterAnswer.Found found -> {
                        watch(ctx, wish, earlier);
                        yield Made.earlier(earlier, found);
                    }
                    // It was not certain that it was stored; now it is certain that it was not.
                    case RouterAnswer.Missing missing -> write(ctx, wish, earlier);
                });
    }

    private Future<Made> write(RoutingContext ctx, Wish wish, PredictionId id) {
        Job job = wish.draft().job(id);
        return parts.sender()
                .send(parts.context().topics().submissions(job), id.value(), Serdes.JOB.serialize(job))
                .compose(result -> {
                    if (result == SendResult.STORED) {
                        watch(ctx, wish, id);
                        return Future.succeededFuture(new Made.New(job));
                    }
                    if (result == SendResult.UNAVAILABLE) {
                        // Perhaps it was stored: the client is told to try again, and must not get a second one then.
                        unheard.add(hash(ctx, wish), id);
                    }
                    return Future.failedFuture(CreateRoutes.refusal(result));
                });
    }

    private void watch(RoutingContext ctx, Wish wish, PredictionId id) {
        if (ctx.response().closed()) {
            unheard.add(hash(ctx, wish), id);
            return;
        }
        ctx.addEndHandler(ended -> {
            if (ended.failed()) {
                unheard.add(hash(ctx, wish), id);
            }
        });
    }

    private static ClaimId hash(RoutingContext ctx, Wish wish) {
        String cancelAfter = ctx.request().getHeader(CancelAfter.HEADER);
        return ClaimId.of(
                "unheard",
                wish.account() + "\n" + cancelAfter + "\n" + RequestHash.of(ctx.request().path(), wish.body()));
    }
}
