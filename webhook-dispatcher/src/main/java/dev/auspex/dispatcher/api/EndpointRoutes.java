package dev.auspex.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.dispatcher.delivery.DeliveryLoop;
import dev.auspex.dispatcher.http.ClientCertificates;
import dev.auspex.dispatcher.http.Credentials;
import dev.auspex.dispatcher.http.EndpointKeys;
import dev.auspex.dispatcher.kafka.EndpointRegistry;
import dev.auspex.dispatcher.log.LogEntry;
import dev.auspex.dispatcher.log.LogPosition;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.ClientCertificate;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import dev.auspex.protocol.delivery.WebhookEndpoint.Signing;
import dev.auspex.protocol.delivery.WebhookEndpoint.State;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Registered endpoints: what clients do with them. Event loop only. */
final class EndpointRoutes {

    /** What the routes work with. */
    record Parts(ServiceContext context, EndpointRegistry registry, DeliveryLoop loop) {}

    private static final String ALL = ApiServer.ACCOUNT + "/webhooks/endpoints";
    private static final String ONE = ALL + "/:endpoint";
    private static final int MOST_OF_AN_ACCOUNT = 50;
    private static final int OVERLAP_SECONDS = 86_400;
    private static final int LONGEST_OVERLAP_SECONDS = 7 * 86_400;

    private final Parts parts;
    private final EndpointKeys keys;
    private final Credentials credentials;
    private final SecureRandom random = new SecureRandom();

    EndpointRoutes(Parts parts) {
        this.parts = parts;
        this.keys = new EndpointKeys(parts.context().secret());
        this.credentials = Credentials.of(parts.context().secret());
    }

    void mount(Router router) {
        router.get(ALL).handler(this::list);
        router.post(ALL).handler(this::register);
        router.get(ONE).handler(ctx -> with(ctx, (account, endpoint) -> Answer.json(ctx, 200, json(endpoint))));
        router.patch(ONE).handler(ctx -> with(ctx, (account, endpoint) -> change(ctx, endpoint)));
        router.delete(ONE).handler(ctx -> with(ctx, (account, endpoint) -> after(
                ctx, parts.registry().remove(endpoint), () -> Answer.empty(ctx))));
        router.get(ONE + "/secret").handler(ctx -> with(ctx, (account, endpoint) -> Answer.json(ctx, 200, secret(endpoint))));
        router.post(ONE + "/secret/rotate").handler(ctx -> with(ctx, (account, endpoint) -> rotate(ctx, endpoint)));
        router.post(ONE + "/test").handler(ctx -> with(ctx, (account, endpoint) -> test(ctx, endpoint)));
    }

    private void list(RoutingContext ctx) {
        ObjectNode json = Json.object();
        json.putNull("next");
        json.putNull("previous");
        ArrayNode results = json.putArray("results");
        parts.registry().of(ApiServer.account(ctx)).stream()
                .sorted(Comparator.comparing(WebhookEndpoint::createdAt).reversed())
                .forEach(endpoint -> results.add(json(endpoint)));
        Answer.json(ctx, 200, json);
    }

    private void register(RoutingContext ctx) {
        AccountId account = ApiServer.account(ctx);
        EndpointFields fields = fields(ctx);
        if (parts.registry().of(account).size() >= MOST_OF_AN_ACCOUNT) {
            throw new BadRequestException("endpoints", "at most " + MOST_OF_AN_ACCOUNT + " of an account");
        }
        Instant now = parts.context().clock().instant();
        EndpointId id = EndpointId.create(random);
        WebhookEndpoint endpoint = new WebhookEndpoint(
                id, account, fields.target(id, null, now), fields.state(State.ACTIVE), null,
                new Signing(1, null, fields.fields().flag("asymmetric")), now, now);
        after(ctx, parts.registry().put(endpoint), () -> Answer.json(ctx, 201, json(endpoint)));
    }

    private void change(RoutingContext ctx, WebhookEndpoint before) {
        EndpointFields fields = fields(ctx);
        Signing signing = before.signing();
        State state = fields.state(before.state());
        Instant now = parts.context().clock().instant();
        WebhookEndpoint changed = new WebhookEndpoint(
                before.id(), before.account(), fields.target(before.id(), before.target(), now), state,
                state == before.state() ? before.reason() : null,
                fields.fields().has("asymmetric")
                        ? new Signing(signing.version(), signing.previousUntil(), fields.fields().flag("asymmetric"))
                        : signing,
                before.createdAt(), now);
        after(ctx, parts.registry().put(changed), () -> Answer.json(ctx, 200, json(changed)));
    }

    private EndpointFields fields(RoutingContext ctx) {
        return new EndpointFields(
                Fields.ofBody(ctx, EndpointFields.NAMES), parts.context().egress(), credentials);
    }

    private void rotate(RoutingContext ctx, WebhookEndpoint before) {
        int overlap = Fields.ofBody(ctx, Set.of("overlap"))
                .number("overlap", OVERLAP_SECONDS, 0, LONGEST_OVERLAP_SECONDS);
        Instant now = parts.context().clock().instant();
        Signing signing = before.signing();
        WebhookEndpoint rotated = new WebhookEndpoint(
                before.id(), before.account(), before.target(), before.state(), before.reason(),
                new Signing(signing.version() + 1, now.plusSeconds(overlap), signing.asymmetric()),
                before.createdAt(), now);
        after(ctx, parts.registry().put(rotated), () -> Answer.json(ctx, 200, secret(rotated)));
    }

    private void test(RoutingContext ctx, WebhookEndpoint endpoint) {
        Instant now = parts.context().clock().instant();
        PredictionId prediction = PredictionId.create(now, random);
        Delivery delivery = Delivery.of(
                prediction, endpoint.account(), WebhookEvent.COMPLETED, 0, endpoint.target().url(), now).to(endpoint);
        parts.loop().tryOut(delivery, testBody(prediction, now))
                .onSuccess(result -> Answer.json(ctx, 200, EntryJson.entry(new LogEntry(new LogPosition(0, 0, 0), result))));
    }

    private static byte[] testBody(PredictionId prediction, Instant now) {
        ObjectNode body = Json.object();
        body.put("id", prediction.value());
        body.put("status", "succeeded");
        body.put("test", true);
        body.putObject("input");
        body.put("output", "This is a test of your webhook endpoint.");
        body.putNull("error");
        body.put("logs", "");
        body.put("created_at", now.toString());
        return Json.bytes(body);
    }

    private ObjectNode secret(WebhookEndpoint endpoint) {
        Signing signing = endpoint.signing();
        ObjectNode json = Json.object();
        json.put("key", keys.secret(endpoint.id(), signing.version()));
        Instant until = signing.previousUntil();
        if (until != null && until.isAfter(parts.context().clock().instant())) {
            json.put("previous_key", keys.secret(endpoint.id(), signing.version() - 1));
            json.put("previous_until", until.toString());
        }
        if (signing.asymmetric()) {
            json.put("public_key", keys.publicKey(endpoint.id()));
        }
        return json;
    }

    private static ObjectNode json(WebhookEndpoint endpoint) {
        WebhookEndpoint.Target target = endpoint.target();
        ObjectNode json = Json.object();
        json.put("id", endpoint.id().value());
        json.put("url", target.url());
        json.put("description", target.description());
        json.set("events", Json.tree(target.events()));
        ObjectNode headers = json.putObject("headers");
        target.headers().keySet().stream().sorted().forEach(name -> headers.put(name, "(hidden)"));
        json.put("rate", target.rate());
        json.set("client_certificate", certificate(target.certificate()));
        json.put("state", endpoint.state().wireName());
        json.put("reason", endpoint.reason());
        json.put("asymmetric", endpoint.signing().asymmetric());
        json.put("created_at", endpoint.createdAt().toString());
        json.put("updated_at", endpoint.updatedAt().toString());
        return json;
    }

    // Never the key: whoever registered it has it.
    private static JsonNode certificate(@Nullable ClientCertificate certificate) {
        if (certificate == null) {
            return NullNode.getInstance();
        }
        X509Certificate own = ClientCertificates.own(certificate);
        return Json.object()
                .put("subject", own.getSubjectX500Principal().getName())
                .put("issuer", own.getIssuerX500Principal().getName())
                .put("serial_number", own.getSerialNumber().toString(16))
                .put("expires_at", own.getNotAfter().toInstant().toString());
    }

    private void with(RoutingContext ctx, BiConsumer<AccountId, WebhookEndpoint> action) {
        AccountId account = ApiServer.account(ctx);
        WebhookEndpoint endpoint = find(account, ctx.pathParam("endpoint"));
        if (endpoint == null) {
            Answer.notFound(ctx);
        } else {
            action.accept(account, endpoint);
        }
    }

    private @Nullable WebhookEndpoint find(AccountId account, @Nullable String id) {
        try {
            return id == null ? null : parts.registry().find(account, new EndpointId(id));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void after(RoutingContext ctx, CompletableFuture<@Nullable Void> change, Runnable answer) {
        Future.fromCompletionStage(change, Vertx.currentContext())
                .onSuccess(done -> answer.run())
                .onFailure(failure -> Answer.failed(ctx, failure));
    }
}
