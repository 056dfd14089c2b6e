package dev.auspex.dispatcher.api;

import dev.auspex.dispatcher.log.LogQuery;
import dev.auspex.dispatcher.log.LogQuery.Filter;
import dev.auspex.dispatcher.log.LogQuery.Range;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Set;

/** Sending messages again: of one prediction, or by filter and time. Event loop only. */
final class RedeliveryRoutes {

    private static final Set<String> FIELDS =
            Set.of("from", "to", "url", "endpoint", "outcome", "all", "dry_run", "rate", "limit");
    private static final int SCAN_PAGE = 1000;
    private static final int RATE = 10;
    private static final int HIGHEST_RATE = 1000;
    private static final int LIMIT = 1000;
    private static final int HIGHEST_LIMIT = 10_000;

    private final Redelivery.Parts parts;

    RedeliveryRoutes(Redelivery.Parts parts) {
        this.parts = parts;
    }

    void mount(Router router) {
        router.post(ApiServer.ACCOUNT + "/webhooks/deliveries/redeliver").handler(this::byFilter);
        router.post(ApiServer.ACCOUNT + "/predictions/:id/deliveries/redeliver").handler(this::one);
    }

    private void byFilter(RoutingContext ctx) {
        Fields fields = Fields.ofBody(ctx, FIELDS);
        Filter given = LogRoutes.filter(fields);
        LogQuery query = new LogQuery(
                ApiServer.account(ctx),
                null,
                new Filter(given.url(), WebhookEvent.COMPLETED, given.outcome(), given.endpoint()),
                new Range(fields.time("from", Instant.EPOCH), fields.time("to", parts.clock().instant()), null, SCAN_PAGE),
                !fields.flag("all"));
        run(ctx, new Redelivery.Request(
                query,
                fields.flag("dry_run"),
                fields.number("rate", RATE, 1, HIGHEST_RATE),
                fields.number("limit", LIMIT, 1, HIGHEST_LIMIT)));
    }

    private void one(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        if (id == null || !PredictionId.isValid(id)) {
            Answer.notFound(ctx);
            return;
        }
        Fields fields = Fields.ofBody(ctx, Set.of("dry_run"));
        LogQuery query = new LogQuery(
                ApiServer.account(ctx),
                new PredictionId(id),
                new Filter(null, WebhookEvent.COMPLETED, null, null),
                Range.newest(SCAN_PAGE),
                false);
        run(ctx, new Redelivery.Request(query, fields.flag("dry_run"), RATE, LIMIT));
    }

    private void run(RoutingContext ctx, Redelivery.Request request) {
        new Redelivery(parts, request).run()
                .onSuccess(summary -> {
                    if (request.query().prediction() != null && summary.path("matched").asInt() == 0) {
                        Answer.notFound(ctx);
                    } else {
                        Answer.json(ctx, request.dryRun() ? 200 : 202, summary);
                    }
                })
                .onFailure(failure -> Answer.failed(ctx, failure));
    }
}
