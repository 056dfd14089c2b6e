package dev.auspex.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.ModelJson;
import dev.auspex.gateway.domain.ModelSearch;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.json.Json;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Search, and what clients may ask for although an installation has none of it: collections and trainings are empty
 * lists, and training a model is refused with the reason.
 */
final class DiscoveryRoutes {

    private static final String MODEL = "/v1/models/:owner/:name";
    private static final String VERSION = MODEL + "/versions/:version";

    private final GatewayParts parts;
    private final RunCounts runs;

    DiscoveryRoutes(GatewayParts parts, RunCounts runs) {
        this.parts = parts;
        this.runs = runs;
    }

    void mount(Router router) {
        router.get("/v1/search").handler(this::search);
        router.get("/v1/collections").handler(DiscoveryRoutes::nothing);
        router.get("/v1/collections/:slug").handler(DiscoveryRoutes::unknown);
        router.get("/v1/trainings").handler(DiscoveryRoutes::nothing);
        router.get("/v1/trainings/:id").handler(DiscoveryRoutes::unknown);
        router.post("/v1/trainings/:id/cancel").handler(DiscoveryRoutes::unknown);
        router.post(VERSION + "/trainings").handler(ctx -> {
            version(ctx);
            throw new ApiException(ApiError.FORBIDDEN, "This installation runs models; it does not train them.");
        });
    }

    private void search(RoutingContext ctx) {
        ModelSearch search = ModelSearch.parse(name -> PredictionRoutes.parameter(ctx, name));
        ObjectNode json = Json.object().put("query", search.query());
        ArrayNode models = json.putArray("models");
        for (ModelSearch.Hit hit : search.in(parts.models(ctx).models())) {
            Model model = hit.model();
            ObjectNode entry = models.addObject();
            entry.set("model", ModelJson.model(model, parts.baseUrl().of(ctx), runs.of(model.name())));
            ObjectNode metadata = entry.putObject("metadata");
            metadata.put("generated_description", model.description());
            metadata.putArray("tags");
            metadata.put("score", hit.score());
        }
        json.putArray("collections");
        json.putArray("pages");
        Replies.json(ctx, json);
    }

    private Model model(RoutingContext ctx) {
        return parts.models(ctx).model(ModelRoutes.modelName(ctx)).orElseThrow(ApiException::notFound);
    }

    private void version(RoutingContext ctx) {
        String id = ctx.pathParam("version");
        if (id == null || !VersionId.isValid(id) || model(ctx).version(new VersionId(id)).isEmpty()) {
            throw ApiException.notFound();
        }
    }

    private static void nothing(RoutingContext ctx) {
        ObjectNode json = Json.object();
        json.putNull("next");
        json.putNull("previous");
        json.set("results", Json.mapper().valueToTree(List.of()));
        Replies.json(ctx, json);
    }

    private static void unknown(RoutingContext ctx) {
        ctx.fail(ApiException.notFound());
    }
}
