package dev.auspex.dispatcher.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.dispatcher.delivery.ResultSink;
import dev.auspex.dispatcher.log.LogEntry;
import dev.auspex.dispatcher.log.LogQuery;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.MessageId;
import dev.auspex.protocol.json.Json;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One request to send messages again: finds the {@code completed} messages meant, gets their bodies from the router and
 * hands them to the scheduler, due one after the other at the rate asked for. From there on they are messages like any
 * others: they survive restarts and are retried by the whole schedule. One event loop.
 */
final class Redelivery {

    /** Where things come from and go to. */
    record Parts(LogReader log, PredictionReader predictions, ResultSink results, Clock clock) {}

    /**
     * What was asked for.
     *
     * @param query which messages
     * @param dryRun only say how many
     * @param perSecond how many fall due each second
     * @param limit messages at most
     */
    record Request(LogQuery query, boolean dryRun, int perSecond, int limit) {}

    private static final String WHY = "asked for";
    private static final int LANES = 16;
    private static final int MOST_SKIPPED_SHOWN = 25;

    private final Parts parts;
    private final Request request;
    private final Map<MessageId, Delivery> messages = new LinkedHashMap<>();
    private final Deque<Delivery> left = new ArrayDeque<>();
    private final List<String> skipped = new ArrayList<>();
    private boolean truncated;
    private int ordered;
    private Instant lastDue;

    Redelivery(Parts parts, Request request) {
        this.parts = parts;
        this.request = request;
        this.lastDue = parts.clock().instant();
    }

    /** Does it. @return what was done, for the client */
    Future<ObjectNode> run() {
        return collect(request.query()).compose(all -> {
            if (request.dryRun()) {
                return Future.succeededFuture(summary());
            }
            left.addAll(messages.values());
            List<Future<Void>> lanes = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                lanes.add(lane());
            }
            return Future.join(lanes).map(done -> summary());
        });
    }

    private Future<Void> collect(LogQuery query) {
        return parts.log().find(query).compose(page -> {
            for (LogEntry entry : page.entries()) {
                Delivery delivery = entry.result().delivery();
                if (delivery.event() == WebhookEvent.COMPLETED) {
                    if (messages.size() >= request.limit() && !messages.containsKey(delivery.id())) {
                        truncated = true;
                        return Future.succeededFuture();
                    }
                    messages.putIfAbsent(delivery.id(), delivery);
                }
            }
            return page.next() == null ? Future.succeededFuture() : collect(query.before(page.next()));
        });
    }

    private Future<Void> lane() {
        Delivery next = left.poll();
        if (next == null) {
            return Future.succeededFuture();
        }
        return parts.predictions().ended(next.account(), next.prediction()).compose(body -> {
            if (body.isEmpty()) {
                skipped.add(next.id().value());
                return Future.<Void>succeededFuture();
            }
            return hand(next, body.get());
        }).compose(done -> lane());
    }

    private Future<Void> hand(Delivery delivery, byte[] body) {
        Instant now = parts.clock().instant();
        Instant due = now.plus(Duration.ofSeconds(1).multipliedBy(ordered).dividedBy(request.perSecond()));
        ordered++;
        lastDue = due;
        DeliveryResult asked =
                new DeliveryResult(delivery, 0, Outcome.REQUESTED, null, WHY, now, 0, 0, due, null);
        Promise<Void> durable = Promise.promise();
        Context home = Objects.requireNonNull(Vertx.currentContext());
        parts.results().append(asked, body, () -> home.runOnContext(written -> durable.complete()));
        return durable.future();
    }

    private ObjectNode summary() {
        ObjectNode json = Json.object();
        json.put("matched", messages.size());
        json.put("requested", ordered);
        json.put("dry_run", request.dryRun());
        json.put("truncated", truncated);
        if (ordered > 0) {
            json.put("last_due_at", lastDue.toString());
        }
        json.put("skipped", skipped.size());
        ArrayNode shown = json.putArray("skipped_ids");
        skipped.stream().limit(MOST_SKIPPED_SHOWN).forEach(shown::add);
        return json;
    }
}
