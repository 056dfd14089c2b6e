package dev.auspex.router.http;

import dev.auspex.protocol.AccountId;
import dev.auspex.router.query.LocalPage;
import dev.auspex.router.query.PageRequest;
import dev.auspex.router.query.PredictionReads;
import dev.auspex.router.query.RouterAddress;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /internal/predictions/{account}?before=&from=&to=&after=&limit=&aborted=}: what is here merged with what the
 * other routers have. They are asked with {@code scope=local}. Event loop only.
 */
final class ListHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(ListHandler.class);
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final Reader reader;
    private final Peers peers;

    ListHandler(Reader reader, Peers peers) {
        this.reader = reader;
        this.peers = peers;
    }

    @Override
    public void handle(RoutingContext ctx) {
        Optional<PageRequest> page = request(ctx);
        if (page.isEmpty()) {
            Reply.problem(ctx.response(), 400,
                    "expected prediction ids in before, from, to and after, and a limit of 1 to " + MAX_LIMIT);
            return;
        }
        boolean local = "local".equals(ctx.request().getParam("scope"));
        reader.list(page.get())
                .compose(mine -> local ? Future.succeededFuture(mine) : complete(mine, page.get(), ctx))
                .onSuccess(all -> answer(ctx, all, local))
                .onFailure(failure -> {
                    LOG.atWarn().addKeyValue("cause", failure.toString()).log("list not answered");
                    Reply.later(ctx.response(), "The router cannot tell right now.");
                });
    }

    private Future<LocalPage> complete(LocalPage mine, PageRequest page, RoutingContext ctx) {
        PredictionReads reads = reader.reads();
        if (reads == null || mine.partitions().size() == reads.partitions()) {
            return Future.succeededFuture(mine);
        }
        List<Future<LocalPage>> asked = new ArrayList<>();
        for (RouterAddress peer : reads.peers()) {
            asked.add(peers.page(peer, ctx.request().uri()));
        }
        return Future.all(asked).map(done -> {
            List<LocalPage> pages = new ArrayList<>(List.of(mine));
            asked.forEach(page1 -> pages.add(page1.result()));
            return PageMerge.merge(pages, page.isBackward(), page.limit());
        });
    }

    private void answer(RoutingContext ctx, LocalPage page, boolean local) {
        PredictionReads reads = reader.reads();
        if (local) {
            PageWire.headers(page, ctx.response().headers());
            ctx.response().end(PageWire.lines(page));
        } else if (reads == null || page.partitions().size() < reads.partitions()) {
            Reply.later(ctx.response(), "Some of the state is being restored.");
        } else {
            PageWire.headers(page, ctx.response().headers());
            Reply.json(ctx.response(), PageWire.array(page));
        }
    }

    private static Optional<PageRequest> request(RoutingContext ctx) {
        String account = ctx.pathParam("account");
        OptionalLong limit = Parameters.number(ctx, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        if (account == null || !AccountId.isValid(account) || limit.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PageRequest(
                    new AccountId(account),
                    Parameters.id(ctx, "before"),
                    Parameters.id(ctx, "from"),
                    Parameters.id(ctx, "to"),
                    Parameters.id(ctx, "after"),
                    (int) limit.getAsLong(),
                    "true".equals(ctx.request().getParam("aborted"))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
