package dev.auspex.router.http;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.json.Json;
import dev.auspex.router.query.PredictionReads;
import dev.auspex.router.query.QueuedPart;
import dev.auspex.router.query.QueuedReads;
import dev.auspex.router.query.RouterAddress;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /internal/queued}: how many predictions of each account wait for their start, over all partitions that answer.
 * A partition that is moving is not counted for that moment: the numbers bound floods, they bill nobody. Event loop only.
 */
final class QueuedHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(QueuedHandler.class);

    private final Reader reader;
    private final Peers peers;
    private volatile @Nullable QueuedReads reads;

    QueuedHandler(Reader reader, Peers peers) {
        this.reader = reader;
        this.peers = peers;
    }

    /** From now on there is something to read; until then the answer is 503. Any thread. */
    void serve(QueuedReads source) {
        reads = source;
    }

    @Override
    public void handle(RoutingContext ctx) {
        QueuedReads source = reads;
        PredictionReads routers = reader.reads();
        if (source == null || routers == null) {
            Reply.later(ctx.response(), "The router is starting.");
            return;
        }
        boolean local = "local".equals(ctx.request().getParam("scope"));
        reader.blocking(source::read)
                .compose(mine -> local || mine.size() == routers.partitions()
                        ? Future.succeededFuture(mine)
                        : everywhere(ctx.request().path(), mine, routers))
                .map(parts -> local ? Json.bytes(parts) : Json.bytes(sum(parts)))
                .onSuccess(body -> Reply.json(ctx.response(), Buffer.buffer(body)))
                .onFailure(failure -> {
                    LOG.atWarn().addKeyValue("cause", failure.toString()).log("queues not counted");
                    Reply.later(ctx.response(), "The router cannot tell right now.");
                });
    }

    private Future<List<QueuedPart>> everywhere(String path, List<QueuedPart> mine, PredictionReads routers) {
        List<Future<List<QueuedPart>>> asked = new ArrayList<>();
        for (RouterAddress peer : routers.peers()) {
            asked.add(peers.local(peer, path + "?").map(QueuedHandler::parts));
        }
        return Future.all(asked).map(done -> {
            List<QueuedPart> all = new ArrayList<>(mine);
            asked.forEach(part -> all.addAll(part.result()));
            return all;
        });
    }

    /** Accounts and counts; a partition that two routers tell of is counted once. */
    static ObjectNode sum(List<QueuedPart> parts) {
        Map<Integer, QueuedPart> each = new HashMap<>();
        parts.forEach(part -> each.putIfAbsent(part.partition(), part));
        Map<String, Long> sums = new HashMap<>();
        each.values().forEach(part -> part.counts().forEach((account, count) -> sums.merge(account, count, Long::sum)));
        ObjectNode json = Json.object();
        sums.forEach(json::put);
        return json;
    }

    private static List<QueuedPart> parts(Buffer body) {
        try {
            return Json.mapper().readValue(body.getBytes(), new TypeReference<>() {});
        } catch (IOException e) {
            throw new IllegalStateException("another router's queues cannot be read", e);
        }
    }
}
