package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.WorkerJson;
import dev.auspex.gateway.kafka.WorkerFollower;
import dev.auspex.protocol.access.Scope;
import dev.auspex.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/workers}: how the executors stand. An extension. */
final class WorkerRoutes {

    private final GatewayParts parts;
    private final WorkerFollower workers;

    WorkerRoutes(GatewayParts parts, WorkerFollower workers) {
        this.parts = parts;
        this.workers = workers;
    }

    void mount(Router router) {
        router.get("/v1/workers").handler(this::list);
    }

    private void list(RoutingContext ctx) {
        WorkerJson.Viewer viewer = new WorkerJson.Viewer(parts.models(ctx), Caller.principal(ctx).may(Scope.ADMIN));
        Replies.fresh(ctx, 200, Buffer.buffer(Json.bytes(
                WorkerJson.list(workers.workers(), viewer, parts.context().clock().instant()))));
    }
}
