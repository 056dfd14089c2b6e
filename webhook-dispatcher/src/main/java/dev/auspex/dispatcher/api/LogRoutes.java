package dev.auspex.dispatcher.api;

import dev.auspex.dispatcher.log.LogPage;
import dev.auspex.dispatcher.log.LogPosition;
import dev.auspex.dispatcher.log.LogQuery;
import dev.auspex.dispatcher.log.LogQuery.Filter;
import dev.auspex.dispatcher.log.LogQuery.Range;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.EndpointId;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reading the delivery log. Event loop only. */
final class LogRoutes {

    /** The base of the addresses clients use, given by the gateway. */
    static final String BASE = "auspex-base-url";

    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1000;
    private static final int LONGEST_URL = 4096;
    private static final Instant END = Instant.ofEpochMilli(Long.MAX_VALUE);
    private static final List<String> FILTERS = List.of(
            "prediction", "url", "endpoint", "event", "outcome", "dead", "from", "to", "limit");

    private final LogReader log;

    LogRoutes(LogReader log) {
        this.log = log;
    }

    void mount(Router router) {
        router.get(ApiServer.ACCOUNT + "/webhooks/deliveries").handler(this::list);
        router.get(ApiServer.ACCOUNT + "/predictions/:id/deliveries").handler(this::ofPrediction);
    }

    private void ofPrediction(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        if (id == null || !PredictionId.isValid(id)) {
            Answer.notFound(ctx);
            return;
        }
        LogQuery query = new LogQuery(
                ApiServer.account(ctx), new PredictionId(id), Filter.ANY, Range.newest(LARGEST_PAGE), false);
        log.find(query).onSuccess(page -> {
            // In the order in which it happened: one prediction's story is read from its beginning.
            Answer.json(ctx, 200, EntryJson.page(new LogPage(page.entries().reversed(), null), null));
        }).onFailure(failure -> Answer.failed(ctx, failure));
    }

    private void list(RoutingContext ctx) {
        Fields fields = Fields.ofQuery(ctx);
        LogPosition cursor = fields.parsed("cursor", text -> LogPosition.parse(text).orElseThrow(
                () -> new IllegalArgumentException("not a cursor")), "the cursor of a page before");
        LogQuery query = query(ctx, fields, cursor);
        log.find(query)
                .onSuccess(page -> Answer.json(ctx, 200, EntryJson.page(page, next(ctx, fields, page))))
                .onFailure(failure -> Answer.failed(ctx, failure));
    }

    private static LogQuery query(RoutingContext ctx, Fields fields, @Nullable LogPosition cursor) {
        return new LogQuery(
                ApiServer.account(ctx),
                fields.parsed("prediction", PredictionId::new, "the id of a prediction"),
                filter(fields),
                new Range(
                        fields.time("from", Instant.EPOCH),
                        fields.time("to", END),
                        cursor,
                        fields.number("limit", PAGE, 1, LARGEST_PAGE)),
                fields.flag("dead"));
    }

    /** The filter of a query or a redelivery. */
    static Filter filter(Fields fields) {
        return new Filter(
                fields.text("url", LONGEST_URL),
                fields.parsed("event", WebhookEvent::of, "one of " + WebhookEvent.NAMES),
                fields.parsed("outcome", LogRoutes::outcome, "one of " + Arrays.stream(Outcome.values())
                        .map(Outcome::wireName).collect(Collectors.joining(", "))),
                fields.parsed("endpoint", EndpointId::new, "the id of an endpoint"));
    }

    private static Outcome outcome(String name) {
        return Arrays.stream(Outcome.values()).filter(outcome -> outcome.wireName().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no outcome"));
    }

    private static @Nullable String next(RoutingContext ctx, Fields fields, LogPage page) {
        LogPosition position = page.next();
        if (position == null) {
            return null;
        }
        StringBuilder next = new StringBuilder(ctx.request().getHeader(BASE) == null ? "" : ctx.request().getHeader(BASE))
                .append("/webhooks/deliveries?cursor=").append(position);
        for (String name : FILTERS) {
            if (fields.has(name)) {
                next.append('&').append(name).append('=').append(
                        URLEncoder.encode(ctx.queryParams().get(name), StandardCharsets.UTF_8));
            }
        }
        return next.toString();
    }
}
