package dev.auspex.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.FieldProblems;
import dev.auspex.gateway.domain.ModelJson;
import dev.auspex.gateway.domain.ModelRequest;
import dev.auspex.gateway.domain.ModelRequestReader;
import dev.auspex.gateway.domain.VisibleModels;
import dev.auspex.gateway.router.RouterAnswer;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelChange;
import dev.auspex.protocol.catalog.ModelPage;
import dev.auspex.protocol.catalog.Visibility;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.runtime.config.Keys;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Making, changing and removing models. Only the account that made a model may change it; what comes from executors and
 * catalogue files stays as it is. Event loop only.
 */
final class ModelChangeRoutes {

    private static final String ALL = "/v1/models";
    private static final String ONE = ALL + "/:owner/:name";
    /** Says what a PUT did: created, changed or unchanged. */
    private static final String EFFECT = "Auspex-Effect";
    /** With all its versions a model is one record. */
    private static final int MOST_BYTES = 4 << 20;
    /** An example is part of its model's record. */
    private static final int MOST_EXAMPLE_BYTES = 64 << 10;

    private final GatewayParts parts;
    private final RunCounts runs;
    private final ModelRequestReader reader;
    private final long bodyLimit;

    ModelChangeRoutes(GatewayParts parts, RunCounts runs) {
        this.parts = parts;
        this.runs = runs;
        this.reader = new ModelRequestReader(parts.context().topics().settings().hardware());
        this.bodyLimit = Math.min(parts.context().settings().get(Keys.HTTP_BODY_LIMIT), MOST_BYTES / 2);
    }

    void mount(Router router) {
        router.post(ALL).handler(ctx -> BodyReader.read(ctx, bodyLimit, body -> create(ctx, body)));
        router.route(HttpMethod.PATCH, ONE).handler(ctx -> BodyReader.read(ctx, bodyLimit, body -> update(ctx, body)));
        router.put(ONE).handler(ctx -> BodyReader.read(ctx, bodyLimit, body -> put(ctx, body)));
        router.delete(ONE).handler(this::delete);
        router.delete(ONE + "/versions/:version").handler(this::deleteVersion);
    }

    private void create(RoutingContext ctx, byte[] body) {
        ModelRequest request = reader.create(RequestCheck.json(ctx, body), parts.models(ctx), Caller.principal(ctx));
        change(ctx, request.name(), request.change())
                .onSuccess(model -> show(ctx, 201, model))
                .onFailure(ctx::fail);
    }

    private void update(RoutingContext ctx, byte[] body) {
        Model model = own(ctx, ModelRoutes.modelName(ctx));
        ModelRequest request = reader.update(RequestCheck.json(ctx, body), model.name());
        Future<ModelChange> wanted = request.example() == null
                ? Future.succeededFuture(request.change())
                : withExample(ctx, request.change(), request.example());
        wanted.compose(change -> change(ctx, model.name(), change))
                .onSuccess(changed -> show(ctx, 200, changed))
                .onFailure(ctx::fail);
    }

    private void put(RoutingContext ctx, byte[] body) {
        ModelName name = ModelRoutes.modelName(ctx);
        VisibleModels models = parts.models(ctx);
        // One that the caller cannot see is refused by the reader, like all names that are not the caller's to give.
        Model before = models.model(name).isPresent() ? own(ctx, name) : null;
        ModelChange change = reader.entry(RequestCheck.json(ctx, body), name, models, Caller.principal(ctx)).change();
        if (before != null && isThere(before, change)) {
            ctx.response().putHeader(EFFECT, "unchanged");
            show(ctx, 200, before);
            return;
        }
        change(ctx, name, change)
                .onSuccess(model -> {
                    ctx.response().putHeader(EFFECT, before == null ? "created" : "changed");
                    show(ctx, before == null ? 201 : 200, model);
                })
                .onFailure(ctx::fail);
    }

    private static boolean isThere(Model model, ModelChange change) {
        if (model.profile() == null) {
            return false;
        }
        return Model.after(
                        model.name(),
                        model,
                        new Model.Order(
                                model.profile().account(), change, model.profile().change(), Instant.EPOCH))
                .filter(model::equals)
                .isPresent();
    }

    private Future<Model> change(RoutingContext ctx, ModelName name, ModelChange change) {
        int size = Json.bytes(change).length
                + parts.models(ctx).model(name).map(model -> Serdes.MODEL.serialize(model).length).orElse(0);
        if (size > MOST_BYTES) {
            return Future.failedFuture(new ApiException(ApiError.BODY_TOO_LARGE, "With all its versions the model would take "
                    + size + " bytes; at most " + MOST_BYTES + " fit. Delete versions that nobody needs."));
        }
        String id = UUID.randomUUID().toString();
        AccountId account = Caller.account(ctx);
        Command command = new Command.ChangeModel(name, account, change, id, parts.context().clock().instant());
        return Changes.make(parts, command, parts.catalogue().changed(id, name, account, Changes.LIMIT)).map(seen -> {
            // Of two accounts that make the same name at once the router lets one have it.
            Model model = seen.orElseThrow();
            if (!account.equals(owner(model))) {
                throw ModelRequestReader.taken();
            }
            return model;
        });
    }

    // The prediction is copied: it stays the example when it is no longer kept itself.
    private Future<ModelChange> withExample(RoutingContext ctx, ModelChange change, PredictionId example) {
        return parts.router().find(Caller.account(ctx), example).map(answer -> {
            if (!(answer instanceof RouterAnswer.Found found) || found.status() != PredictionStatus.SUCCEEDED) {
                throw ApiException.invalid("default_example", FieldProblems.FORMAT,
                        "expected a prediction of yours that has succeeded");
            }
            ObjectNode shown = shown(found.body().getBytes());
            if (!shown.path("model").asText().equals(ModelRoutes.modelName(ctx).toString())) {
                throw ApiException.invalid("default_example", FieldProblems.FORMAT, "expected a prediction of this model");
            }
            ModelPage page = (change.page() == null ? ModelPage.EMPTY : change.page()).withExample(shown);
            return new ModelChange(change.description(), change.visibility(), change.hardware(), page, change.version());
        });
    }

    private static ObjectNode shown(byte[] prediction) {
        try {
            JsonNode json = Json.parse(prediction);
            if (prediction.length <= MOST_EXAMPLE_BYTES && json instanceof ObjectNode object) {
                // What concerns only the one who made it.
                object.remove("webhook");
                object.remove("webhook_events_filter");
                return object;
            }
        } catch (IOException e) {
            throw new IllegalStateException("a router answered with something that is no prediction", e);
        }
        throw ApiException.invalid("default_example", FieldProblems.FORMAT,
                "expected a prediction of at most " + MOST_EXAMPLE_BYTES + " bytes");
    }

    private void delete(RoutingContext ctx) {
        Model model = own(ctx, ModelRoutes.modelName(ctx));
        if (!model.versions().isEmpty()) {
            throw new ApiException(ApiError.INVALID_REQUEST,
                    "The model has " + model.versions().size() + " versions: delete them first.");
        }
        if (model.profile() != null && model.profile().visibility() == Visibility.PUBLIC) {
            throw new ApiException(ApiError.INVALID_REQUEST, "The model is public: make it private first.");
        }
        finish(ctx, Changes.make(
                parts,
                new Command.DeleteModel(model.name(), Caller.account(ctx), parts.context().clock().instant()),
                parts.catalogue().gone(model.name(), Changes.LIMIT)));
    }

    private void deleteVersion(RoutingContext ctx) {
        String text = String.valueOf(ctx.pathParam("version"));
        ModelName name = ModelRoutes.modelName(ctx);
        Model model = parts.models(ctx).model(name).orElseThrow(ApiException::notFound);
        if (!VersionId.isValid(text) || model.version(new VersionId(text)).isEmpty()) {
            throw ApiException.notFound();
        }
        own(ctx, name);
        VersionId version = new VersionId(text);
        if (parts.deployments().use(version)) {
            throw new ApiException(ApiError.INVALID_REQUEST, "A deployment makes predictions with this version.");
        }
        String id = UUID.randomUUID().toString();
        finish(ctx, Changes.make(
                parts,
                new Command.DeleteVersion(name, version, Caller.account(ctx), id, parts.context().clock().instant()),
                parts.catalogue().changed(id, Changes.LIMIT)));
    }

    private static void finish(RoutingContext ctx, Future<Optional<Model>> change) {
        change.onSuccess(done -> ctx.response().setStatusCode(204).end()).onFailure(ctx::fail);
    }

    /** The caller's own model. @throws ApiException 404 if the caller cannot see it, 403 if it is not the caller's */
    private Model own(RoutingContext ctx, ModelName name) {
        Model model = parts.models(ctx).model(name).orElseThrow(ApiException::notFound);
        AccountId owner = owner(model);
        if (owner == null) {
            throw new ApiException(ApiError.FORBIDDEN,
                    name + " comes with this installation, from an executor or the catalogue file, and is not changed here.");
        }
        if (!owner.equals(Caller.account(ctx))) {
            throw new ApiException(ApiError.FORBIDDEN, name + " was made by another account.");
        }
        return model;
    }

    private static @Nullable AccountId owner(Model model) {
        return model.profile() == null ? null : model.profile().account();
    }

    private void show(RoutingContext ctx, int status, Model model) {
        ObjectNode json = ModelJson.model(model, parts.baseUrl().of(ctx), runs.of(model.name()));
        Replies.fresh(ctx, status, Buffer.buffer(Json.bytes(json)));
    }
}
