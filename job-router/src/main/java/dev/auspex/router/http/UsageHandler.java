package dev.auspex.router.http;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.usage.UsagePart;
import dev.auspex.protocol.usage.UsageRow;
import dev.auspex.router.query.PredictionReads;
import dev.auspex.router.query.RouterAddress;
import dev.auspex.router.query.UsageQuery;
import dev.auspex.router.query.UsageReads;
import dev.auspex.router.query.UsageRecount;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /internal/usage?from=&to=[&account=][&recount=true]}: the rows of all partitions, wherever they are; or
 * counted anew from the topic, which any router can. Other routers are asked with {@code scope=local} and answer with
 * parts. Event loop only.
 */
final class UsageHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(UsageHandler.class);

    private final Reader reader;
    private final Peers peers;
    private volatile @Nullable Sources sources;

    UsageHandler(Reader reader, Peers peers) {
        this.reader = reader;
        this.peers = peers;
    }

    /** Where answers come from. */
    private record Sources(UsageReads reads, UsageRecount recount, PredictionReads routers) {}

    /** From now on there is something to read; until then the answer is 503. Any thread. */
    void serve(UsageReads reads, UsageRecount recount, PredictionReads routers) {
        sources = new Sources(reads, recount, routers);
    }

    @Override
    public void handle(RoutingContext ctx) {
        Optional<UsageQuery> query = query(ctx);
        Sources from = sources;
        if (query.isEmpty()) {
            Reply.problem(ctx.response(), 400, "expected days in from and to, such as 2026-01-31, and an account or none");
        } else if (from == null) {
            Reply.later(ctx.response(), "The router is starting.");
        } else if ("true".equals(ctx.request().getParam("recount"))) {
            reply(ctx, Future.fromCompletionStage(from.recount().count(query.get()), Vertx.currentContext()));
        } else if ("local".equals(ctx.request().getParam("scope"))) {
            reply(ctx, reader.blocking(() -> from.reads().read(query.get())));
        } else {
            reply(ctx, reader.blocking(() -> from.reads().read(query.get()))
                    .compose(mine -> everything(ctx.request().uri(), mine, from.routers())));
        }
    }

    private Future<List<UsageRow>> everything(String uri, List<UsagePart> mine, PredictionReads routers) {
        List<Future<List<UsagePart>>> asked = new ArrayList<>();
        if (mine.size() < routers.partitions()) {
            for (RouterAddress peer : routers.peers()) {
                asked.add(peers.local(peer, uri).map(UsageHandler::parts));
            }
        }
        return Future.all(asked).map(done -> {
            List<UsagePart> all = new ArrayList<>(mine);
            asked.forEach(part -> all.addAll(part.result()));
            return merge(all, routers.partitions());
        });
    }

    /** The rows of every partition, each counted once. @throws IllegalStateException if one is missing */
    static List<UsageRow> merge(List<UsagePart> parts, int partitions) {
        Map<Integer, UsagePart> each = new TreeMap<>();
        parts.forEach(part -> each.putIfAbsent(part.partition(), part));
        if (each.size() < partitions) {
            throw new IllegalStateException("only " + each.size() + " of " + partitions + " partitions answered");
        }
        return UsageRow.sum(each.values().stream().flatMap(part -> part.rows().stream()).toList());
    }

    private static List<UsagePart> parts(Buffer body) {
        try {
            return Json.mapper().readValue(body.getBytes(), new TypeReference<>() {});
        } catch (IOException e) {
            throw new IllegalStateException("another router's usage cannot be read", e);
        }
    }

    private static void reply(RoutingContext ctx, Future<? extends List<?>> answer) {
        answer.onSuccess(rows -> Reply.json(ctx.response(), Buffer.buffer(Json.bytes(rows)))).onFailure(failure -> {
            LOG.atWarn().addKeyValue("cause", failure.toString()).log("usage not answered");
            Reply.later(ctx.response(), "The router cannot tell right now.");
        });
    }

    private static Optional<UsageQuery> query(RoutingContext ctx) {
        String account = ctx.request().getParam("account");
        String from = ctx.request().getParam("from");
        String to = ctx.request().getParam("to");
        if (from == null || to == null || (account != null && !AccountId.isValid(account))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new UsageQuery(
                    account == null ? null : new AccountId(account), LocalDate.parse(from), LocalDate.parse(to)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
