package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.WorkerJson;
import dev.auspex.gateway.kafka.WorkerFollower;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/workers}: how the executors stand. An extension. */
final class WorkerRoutes {

    private final ServiceContext context;
    private final WorkerFollower workers;

    WorkerRoutes(ServiceContext context, WorkerFollower workers) {
        this.context = context;
        this.workers = workers;
    }

    void mount(Router router) {
        router.get("/v1/workers").handler(this::list);
    }

    private void list(RoutingContext ctx) {
        Replies.fresh(ctx, 200, Buffer.buffer(Json.bytes(
                WorkerJson.list(workers.workers(), Caller.account(ctx), context.clock().instant()))));
    }
}
