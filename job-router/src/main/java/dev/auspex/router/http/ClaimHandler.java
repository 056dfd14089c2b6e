package dev.auspex.router.http;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.command.Command.ClaimKey;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.query.ClaimLookup;
import dev.auspex.router.query.ClaimReads;
import dev.auspex.router.query.ClaimWaiters;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /internal/claims/{account}/{claim}?at=<time>}: which claim won. Whoever asks has written a claim of that name
 * before, so if none is known yet it is about to be read, and the answer comes then. Event loop only.
 */
final class ClaimHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimHandler.class);
    private static final long LIMIT_MS = 3_000;

    private final AtomicReference<@Nullable ClaimReads> reads;
    private final Reader reader;
    private final ClaimWaiters waiters;
    private final Peers peers;

    /** @param reads set once there is something to read */
    ClaimHandler(
            AtomicReference<@Nullable ClaimReads> reads, Reader reader, ClaimWaiters waiters, Peers peers) {
        this.reads = reads;
        this.reader = reader;
        this.waiters = waiters;
        this.peers = peers;
    }

    @Override
    public void handle(RoutingContext ctx) {
        String account = ctx.pathParam("account");
        String claim = ctx.pathParam("claim");
        Instant at = time(ctx.request().getParam("at"));
        if (account == null || claim == null || at == null || !AccountId.isValid(account) || !ClaimId.isValid(claim)) {
            Reply.problem(ctx.response(), 400, "expected an account, a claim of 64 hexadecimal digits and a time");
            return;
        }
        ClaimReads source = reads.get();
        if (source == null) {
            Reply.later(ctx.response(), "The router is starting.");
            return;
        }
        AccountId owner = new AccountId(account);
        ClaimId id = new ClaimId(claim);
        // Registered before the read: a decision in between is noticed by one or the other.
        CompletableFuture<ClaimKey> decision = waiters.register(owner, id).orTimeout(LIMIT_MS, TimeUnit.MILLISECONDS);
        ctx.response().closeHandler(closed -> decision.cancel(false));
        reader.blocking(() -> source.find(owner, id, at))
                .onSuccess(found -> answer(ctx, found, decision))
                .onFailure(failure -> {
                    LOG.atWarn().addKeyValue("cause", failure.toString()).log("claim not looked up");
                    decision.cancel(false);
                    Reply.later(ctx.response(), "The router cannot tell right now.");
                });
    }

    private void answer(RoutingContext ctx, ClaimLookup found, CompletableFuture<ClaimKey> decision) {
        if (found instanceof ClaimLookup.Free) {
            Future.fromCompletionStage(decision, Vertx.currentContext())
                    .onSuccess(winner -> held(ctx, winner))
                    .onFailure(late -> Reply.later(ctx.response(), "The router has not read the claim yet."));
            return;
        }
        decision.cancel(false);
        switch (found) {
            case ClaimLookup.Held(ClaimKey winner) -> held(ctx, winner);
            case ClaimLookup.Elsewhere(var owner) -> peers.forward(owner, ctx);
            case ClaimLookup.Unavailable(String reason) -> Reply.later(ctx.response(), reason);
            case ClaimLookup.Free free -> throw new IllegalStateException("answered above");
        }
    }

    private static void held(RoutingContext ctx, ClaimKey winner) {
        Reply.json(ctx.response(), Buffer.buffer(Serdes.COMMAND.serialize(winner)));
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
