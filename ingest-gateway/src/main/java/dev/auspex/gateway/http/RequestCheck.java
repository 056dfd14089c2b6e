package dev.auspex.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.openapi.ApiDocument;
import dev.auspex.gateway.openapi.Operation;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * Holds requests against the OpenAPI document: query parameters at once, JSON bodies when they have come. What the document
 * cannot say, such as which versions there are, the routes check. Safe for any event loop.
 */
final class RequestCheck implements Handler<RoutingContext> {

    private static final String OPERATION = "auspex.operation";

    private final ApiDocument document;

    RequestCheck(ApiDocument document) {
        this.document = document;
    }

    @Override
    public void handle(RoutingContext ctx) {
        document.find(ctx.request().method().name(), path(ctx)).ifPresent(operation -> {
            ctx.put(OPERATION, operation);
            operation.checkQuery(name -> PredictionRoutes.parameter(ctx, name));
        });
        ctx.next();
    }

    // As routes see it: otherwise an escaped letter or a slash at the end would lead past the checks.
    private static String path(RoutingContext ctx) {
        String path = ctx.normalizedPath();
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    /**
     * A body as JSON of the documented form.
     *
     * @throws ApiException 400 if it is not JSON, 422 naming every field that is wrong, 404 if nothing is documented
     */
    static JsonNode json(RoutingContext ctx, byte[] body) {
        Operation operation = ctx.get(OPERATION);
        if (operation == null) {
            throw ApiException.notFound();
        }
        JsonNode json = BodyReader.json(body);
        operation.checkBody(json);
        return json;
    }
}
