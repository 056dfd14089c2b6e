package dev.auspex.router.http;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.router.query.CompletionWaiters;
import dev.auspex.router.query.Lookup;
import dev.auspex.router.query.PredictionView;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /internal/predictions/{account}/{id}[?wait_ms=n]}. Event loop only. */
final class PointHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(PointHandler.class);
    private static final long MAX_WAIT_MS = 120_000;

    private final Reader reader;
    private final CompletionWaiters waiters;
    private final Peers peers;

    PointHandler(Reader reader, CompletionWaiters waiters, Peers peers) {
        this.reader = reader;
        this.waiters = waiters;
        this.peers = peers;
    }

    private record Question(AccountId account, PredictionId id, @Nullable CompletableFuture<PredictionView> end) {}

    @Override
    public void handle(RoutingContext ctx) {
        String account = ctx.pathParam("account");
        String id = ctx.pathParam("id");
        OptionalLong wait = Parameters.number(ctx, "wait_ms", 0, 0, MAX_WAIT_MS);
        if (wait.isEmpty()) {
            Reply.problem(ctx.response(), 400, "wait_ms: expected 0 to " + MAX_WAIT_MS);
            return;
        }
        if (account == null || id == null || !AccountId.isValid(account) || !PredictionId.isValid(id)) {
            Reply.problem(ctx.response(), 404, "There is no such prediction.");
            return;
        }
        Question question = ask(new AccountId(account), new PredictionId(id), wait.getAsLong());
        ctx.response().closeHandler(closed -> stopWaiting(question));
        reader.find(question.account(), question.id())
                .onSuccess(lookup -> answer(ctx, question, lookup))
                .onFailure(failure -> fail(ctx, question, failure));
    }

    // Registered before the read: an end in between is noticed by one or the other.
    private Question ask(AccountId account, PredictionId id, long waitMs) {
        return waitMs == 0
                ? new Question(account, id, null)
                : new Question(account, id, waiters.register(account, id).orTimeout(waitMs, TimeUnit.MILLISECONDS));
    }

    private void answer(RoutingContext ctx, Question question, Lookup lookup) {
        if (lookup instanceof Lookup.Found(PredictionView view)
                && !view.status().isTerminal() && question.end() != null) {
            awaitEnd(ctx, question, question.end());
            return;
        }
        stopWaiting(question);
        switch (lookup) {
            case Lookup.Found(PredictionView view) -> Reply.prediction(ctx.response(), view);
            case Lookup.Absent() -> Reply.problem(ctx.response(), 404, "There is no such prediction.");
            case Lookup.Elsewhere(var owner) -> peers.forward(owner, ctx);
            case Lookup.Unavailable(String reason) -> Reply.later(ctx.response(), reason);
        }
    }

    private void awaitEnd(RoutingContext ctx, Question question, CompletableFuture<PredictionView> end) {
        Future.fromCompletionStage(end, Vertx.currentContext())
                .onSuccess(view -> Reply.prediction(ctx.response(), view))
                .onFailure(failure -> {
                    if (failure instanceof TimeoutException) {
                        Question now = new Question(question.account(), question.id(), null);
                        reader.find(now.account(), now.id())
                                .onSuccess(lookup -> answer(ctx, now, lookup))
                                .onFailure(again -> fail(ctx, now, again));
                    }
                    // otherwise the client went away
                });
    }

    private static void fail(RoutingContext ctx, Question question, Throwable failure) {
        stopWaiting(question);
        LOG.atWarn().addKeyValue("cause", failure.toString()).log("query not answered");
        Reply.later(ctx.response(), "The router cannot tell right now.");
    }

    private static void stopWaiting(Question question) {
        if (question.end() != null) {
            question.end().cancel(false);
        }
    }
}
