package dev.auspex.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.HardwareNames;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Who the caller is, the secret of the caller's webhooks, and the hardware there is to choose from. */
final class AccountRoutes {

    private final ServiceContext context;

    AccountRoutes(ServiceContext context) {
        this.context = context;
    }

    void mount(Router router) {
        router.get("/v1/account").handler(this::account);
        router.get("/v1/webhooks/default/secret").handler(this::webhookSecret);
        router.get("/v1/hardware").handler(this::hardware);
    }

    private void account(RoutingContext ctx) {
        AccountId account = Caller.account(ctx);
        ObjectNode json = Json.object();
        json.put("type", "organization");
        json.put("username", account.value());
        json.put("name", account.value());
        Replies.json(ctx, json);
    }

    private void webhookSecret(RoutingContext ctx) {
        ObjectNode json = Json.object().put("key", context.secret().webhookSecret(Caller.account(ctx)));
        Replies.fresh(ctx, 200, Buffer.buffer(Json.bytes(json)));
    }

    private void hardware(RoutingContext ctx) {
        ArrayNode json = Json.mapper().createArrayNode();
        context.topics().settings().hardware().forEach(hardware -> json.addObject()
                .put("name", HardwareNames.of(hardware))
                .put("sku", hardware.value()));
        Replies.json(ctx, json);
    }
}
