package dev.auspex.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.DeploymentJson;
import dev.auspex.gateway.domain.DeploymentRequest;
import dev.auspex.gateway.domain.FieldProblems;
import dev.auspex.gateway.kafka.DeploymentFollower;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.config.Keys;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/**
 * Deployments: read from the gateway's own copy, changed by commands to the router. A change is answered when it has come
 * back, so who made it sees it. Event loop only.
 */
final class DeploymentRoutes {

    private static final String ALL = "/v1/deployments";
    private static final String ONE = ALL + "/:owner/:name";

    private final GatewayParts parts;
    private final DeploymentFollower deployments;
    private final long bodyLimit;

    DeploymentRoutes(GatewayParts parts) {
        this.parts = parts;
        this.deployments = parts.deployments();
        this.bodyLimit = parts.context().settings().get(Keys.HTTP_BODY_LIMIT);
    }

    void mount(Router router) {
        router.get(ALL).handler(this::list);
        router.post(ALL).handler(ctx -> BodyReader.read(ctx, bodyLimit, body -> create(ctx, body)));
        router.get(ONE).handler(ctx -> show(ctx, find(parts, ctx)));
        router.route(HttpMethod.PATCH, ONE)
                .handler(ctx -> BodyReader.read(ctx, bodyLimit, body -> update(ctx, body)));
        router.delete(ONE).handler(this::delete);
    }

    /** The deployment that a route names. @throws ApiException 404 if the caller has none of that name */
    static Deployment find(GatewayParts parts, RoutingContext ctx) {
        return DeploymentName.parse(ctx.pathParam("owner"), ctx.pathParam("name"))
                .filter(name -> name.owner().equals(Caller.account(ctx)))
                .flatMap(parts.deployments()::find)
                .orElseThrow(ApiException::notFound);
    }

    private void list(RoutingContext ctx) {
        ObjectNode json = Json.object();
        json.putNull("next");
        json.putNull("previous");
        ArrayNode results = json.putArray("results");
        deployments.of(Caller.account(ctx)).forEach(deployment -> results.add(DeploymentJson.of(deployment)));
        Replies.fresh(ctx, 200, Buffer.buffer(Json.bytes(json)));
    }

    private void create(RoutingContext ctx, byte[] body) {
        DeploymentRequest request =
                DeploymentRequest.create(RequestCheck.json(ctx, body), Caller.account(ctx), parts.models(ctx));
        if (deployments.find(request.name()).isPresent()) {
            throw ApiException.invalid("name", FieldProblems.FORMAT, "there is a deployment of this name already");
        }
        release(ctx, request);
    }

    private void update(RoutingContext ctx, byte[] body) {
        release(ctx, DeploymentRequest.update(RequestCheck.json(ctx, body), find(parts, ctx), parts.models(ctx)));
    }

    private void release(RoutingContext ctx, DeploymentRequest request) {
        String change = UUID.randomUUID().toString();
        Changes.make(
                        parts,
                        new Command.ReleaseDeployment(
                                request.name(), request.change(), change, parts.context().clock().instant()),
                        deployments.released(change, Changes.LIMIT))
                .onSuccess(made -> show(ctx, made.orElseThrow()))
                .onFailure(ctx::fail);
    }

    private void delete(RoutingContext ctx) {
        Deployment deployment = find(parts, ctx);
        Changes.make(
                        parts,
                        new Command.DeleteDeployment(deployment.name(), parts.context().clock().instant()),
                        deployments.gone(deployment.name(), Changes.LIMIT))
                .onSuccess(gone -> ctx.response().setStatusCode(204).end())
                .onFailure(ctx::fail);
    }

    private static void show(RoutingContext ctx, Deployment deployment) {
        Replies.fresh(ctx, 200, Buffer.buffer(Json.bytes(DeploymentJson.of(deployment))));
    }
}
