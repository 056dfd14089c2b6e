package dev.auspex.gateway.http;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.FieldProblems;
import dev.auspex.gateway.domain.Principal;
import dev.auspex.gateway.domain.UsageReport;
import dev.auspex.gateway.domain.UsageRequest;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.Scope;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.usage.UsageRow;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the caller's account used: {@code GET /v1/usage}. Event loop only. */
final class UsageRoutes {

    private final GatewayParts parts;

    UsageRoutes(GatewayParts parts) {
        this.parts = parts;
    }

    void mount(Router router) {
        router.get("/v1/usage").handler(this::report);
    }

    private void report(RoutingContext ctx) {
        UsageRequest request = UsageRequest.parse(
                name -> PredictionRoutes.parameter(ctx, name),
                LocalDate.ofInstant(parts.context().clock().instant(), ZoneOffset.UTC));
        parts.router()
                .usage(account(ctx), request)
                .onSuccess(rows -> answer(ctx, request, rows))
                .onFailure(ctx::fail);
    }

    // null means everybody's.
    private static @Nullable AccountId account(RoutingContext ctx) {
        Principal caller = Caller.principal(ctx);
        String wanted = PredictionRoutes.parameter(ctx, "account");
        if (wanted == null || wanted.equals(caller.account().value())) {
            return caller.account();
        }
        caller.require(Scope.ADMIN);
        if (wanted.equals("*")) {
            return null;
        }
        if (!AccountId.isValid(wanted)) {
            throw ApiException.invalid("account", FieldProblems.FORMAT, "expected the name of an account, or * for all");
        }
        return new AccountId(wanted);
    }

    private static void answer(RoutingContext ctx, UsageRequest request, Buffer rows) {
        List<UsageRow> read;
        try {
            read = Json.mapper().readValue(rows.getBytes(), new TypeReference<>() {});
        } catch (IOException e) {
            ctx.fail(e);
            return;
        }
        UsageReport report = new UsageReport(request, read);
        if (request.csv()) {
            ctx.response()
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/csv; charset=utf-8")
                    .end(report.csv());
        } else {
            Replies.fresh(ctx, 200, Buffer.buffer(Json.bytes(report.json())));
        }
    }
}
