package dev.auspex.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.ModelJson;
import dev.auspex.gateway.domain.ModelQuery;
import dev.auspex.gateway.domain.ModelSearch;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelProfile;
import dev.auspex.protocol.catalog.ModelVersion;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.config.Keys;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The catalogue as clients read it. */
final class ModelRoutes {

    private static final String MODEL = "/v1/models/:owner/:name";

    private final GatewayParts parts;
    private final RunCounts runs;
    private final long bodyLimit;

    ModelRoutes(GatewayParts parts, RunCounts runs) {
        this.parts = parts;
        this.runs = runs;
        this.bodyLimit = parts.context().settings().get(Keys.HTTP_BODY_LIMIT);
    }

    void mount(Router router) {
        router.get("/v1/models").handler(this::list);
        router.route(HttpMethod.valueOf("QUERY"), "/v1/models")
                .handler(ctx -> BodyReader.read(ctx, bodyLimit, body -> search(ctx, body)));
        router.get(MODEL).handler(ctx -> Replies.json(ctx, json(ctx, model(ctx))));
        router.get(MODEL + "/versions").handler(this::versions);
        router.get(MODEL + "/versions/:version").handler(ctx -> Replies.json(ctx, ModelJson.version(version(ctx))));
        router.get(MODEL + "/examples").handler(this::examples);
        router.get(MODEL + "/readme").handler(this::readme);
    }

    private void list(RoutingContext ctx) {
        ModelQuery query = ModelQuery.parse(name -> PredictionRoutes.parameter(ctx, name));
        ModelQuery.Page page = query.page(parts.models(ctx).models());
        ObjectNode envelope = envelope(jsons(ctx, page.models()), address(ctx, query.next(page)));
        Replies.json(ctx, envelope.put("previous", address(ctx, query.previous(page))));
    }

    private @Nullable String address(RoutingContext ctx, @Nullable String query) {
        return query == null ? null : parts.baseUrl().of(ctx) + "/v1/models?" + query;
    }

    /** Some clients send the text as it is, some as a JSON string, with whatever content type. */
    private void search(RoutingContext ctx, byte[] body) {
        String raw = new String(body, StandardCharsets.UTF_8).strip();
        String text = raw.startsWith("\"") ? BodyReader.json(body).asText() : raw;
        List<Model> found = new ModelSearch(text, ModelQuery.PAGE)
                .in(parts.models(ctx).models()).stream().map(ModelSearch.Hit::model).toList();
        Replies.json(ctx, envelope(jsons(ctx, found), null));
    }

    private void versions(RoutingContext ctx) {
        ArrayNode versions = Json.mapper().createArrayNode();
        model(ctx).versions().forEach(version -> versions.add(ModelJson.version(version)));
        Replies.json(ctx, envelope(versions, null));
    }

    private void examples(RoutingContext ctx) {
        ArrayNode examples = Json.mapper().createArrayNode();
        ModelProfile profile = model(ctx).profile();
        if (profile != null && profile.page().example() != null) {
            examples.add(profile.page().example());
        }
        Replies.json(ctx, envelope(examples, null));
    }

    private void readme(RoutingContext ctx) {
        String text = ModelJson.readme(model(ctx));
        if (text.isBlank()) {
            throw ApiException.notFound();
        }
        ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8").end(text);
    }

    private Model model(RoutingContext ctx) {
        return parts.models(ctx).model(modelName(ctx)).orElseThrow(ApiException::notFound);
    }

    private ModelVersion version(RoutingContext ctx) {
        return Optional.ofNullable(ctx.pathParam("version"))
                .filter(VersionId::isValid)
                .flatMap(id -> model(ctx).version(new VersionId(id)))
                .orElseThrow(ApiException::notFound);
    }

    private ObjectNode json(RoutingContext ctx, Model model) {
        return ModelJson.model(model, parts.baseUrl().of(ctx), runs.of(model.name()));
    }

    private ArrayNode jsons(RoutingContext ctx, List<Model> models) {
        ArrayNode array = Json.mapper().createArrayNode();
        models.forEach(model -> array.add(json(ctx, model)));
        return array;
    }

    /** The model that a route names. @throws ApiException 404 if that cannot be a name */
    static ModelName modelName(RoutingContext ctx) {
        return ModelName.parse(ctx.pathParam("owner") + "/" + ctx.pathParam("name"))
                .orElseThrow(ApiException::notFound);
    }

    private static ObjectNode envelope(ArrayNode results, @Nullable String next) {
        ObjectNode json = Json.object();
        json.put("next", next);
        json.putNull("previous");
        json.set("results", results);
        return json;
    }
}
