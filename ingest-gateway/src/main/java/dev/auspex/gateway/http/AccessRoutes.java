package dev.auspex.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.AccessJson;
import dev.auspex.gateway.domain.AccountRequest;
import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.FieldProblems;
import dev.auspex.gateway.domain.Principal;
import dev.auspex.gateway.domain.TokenRequest;
import dev.auspex.gateway.kafka.AccessFollower;
import dev.auspex.gateway.kafka.SendResult;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.AccessRecord;
import dev.auspex.protocol.access.AccessRecord.Account;
import dev.auspex.protocol.access.AccessRecord.Life;
import dev.auspex.protocol.access.AccessRecord.Token;
import dev.auspex.protocol.access.AccountLimits;
import dev.auspex.protocol.access.Scope;
import dev.auspex.protocol.access.TokenId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and accounts. A change is a record of its own, and answered when this gateway has read it back; the others have it
 * a moment later. Event loop only.
 */
final class AccessRoutes {

    private static final String TOKENS = "/v1/tokens";
    private static final String ACCOUNTS = "/v1/accounts";
    private static final long BODY_LIMIT = 64 << 10;
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** Of one account, such that still let somebody in: a script that forgets to revoke is noticed. */
    private static final int MOST_TOKENS = 1_000;
    /** How long a token that was revoked is shown. */
    private static final Duration SHOWN_REVOKED = Duration.ofDays(30);

    private final GatewayParts parts;
    private final AccessFollower access;
    private final Set<AccountId> configured;
    private final SecureRandom random = new SecureRandom();

    AccessRoutes(GatewayParts parts) {
        this.parts = parts;
        this.access = parts.access();
        this.configured = Authentication.configuredAccounts(parts.context().settings());
    }

    void mount(Router router) {
        router.get(TOKENS).handler(this::listTokens);
        router.post(TOKENS).handler(ctx -> BodyReader.read(ctx, BODY_LIMIT, body -> createToken(ctx, body)));
        router.get(TOKENS + "/:id").handler(ctx -> Replies.fresh(ctx, 200, json(shown(findToken(ctx)))));
        router.delete(TOKENS + "/:id").handler(this::revokeToken);
        router.get(ACCOUNTS).handler(this::listAccounts);
        router.post(ACCOUNTS)
                .handler(ctx -> BodyReader.read(ctx, BODY_LIMIT, body -> createAccount(ctx, body)));
        router.get(ACCOUNTS + "/:name").handler(ctx -> Replies.fresh(ctx, 200, json(shown(findAccount(ctx)))));
        router.route(HttpMethod.PATCH, ACCOUNTS + "/:name")
                .handler(ctx -> BodyReader.read(ctx, BODY_LIMIT, body -> updateAccount(ctx, body)));
    }

    private void listTokens(RoutingContext ctx) {
        Principal caller = Caller.principal(ctx);
        String wanted = PredictionRoutes.parameter(ctx, "account");
        if (wanted != null && !wanted.equals(caller.account().value())) {
            caller.require(Scope.ADMIN);
        }
        boolean everybody = "*".equals(wanted);
        String account = wanted == null ? caller.account().value() : wanted;
        Instant oldest = parts.context().clock().instant().minus(SHOWN_REVOKED);
        list(ctx, access.tokens().stream()
                .filter(token -> everybody || token.account().value().equals(account))
                .filter(token -> token.life().revokedAt() == null || token.life().revokedAt().isAfter(oldest))
                .sorted(Comparator.comparing((Token token) -> token.life().createdAt()).reversed()
                        .thenComparing(token -> token.id().value()))
                .map(this::shown));
    }

    private void createToken(RoutingContext ctx, byte[] body) {
        Instant now = parts.context().clock().instant();
        TokenRequest request = TokenRequest.read(RequestCheck.json(ctx, body), Caller.principal(ctx), now);
        if (!configured.contains(request.account()) && access.find(request.account()).isEmpty()) {
            throw ApiException.invalid("account", FieldProblems.ENUM, "there is no account of this name; make it first");
        }
        long held = access.tokens().stream()
                .filter(token -> token.account().equals(request.account()) && token.holdsAt(now))
                .count();
        if (held >= MOST_TOKENS) {
            throw ApiException.invalid("", FieldProblems.FORMAT,
                    "the account has " + held + " tokens, " + MOST_TOKENS + " are the most; revoke some");
        }
        String secret = TokenSecret.create(random);
        Token token = new Token(
                TokenId.create(random), request.account(), TokenSecret.hash(secret), request.scopes(), request.name(),
                new Life(now, request.expiresAt(), null));
        write(token)
                .onSuccess(made -> Replies.fresh(ctx, 201, json(shown(token).put("token", secret))))
                .onFailure(ctx::fail);
    }

    private void revokeToken(RoutingContext ctx) {
        Token token = findToken(ctx);
        Future<?> done = token.life().revokedAt() == null
                ? write(token.revoked(parts.context().clock().instant()))
                : Future.succeededFuture();
        done.onSuccess(gone -> ctx.response().setStatusCode(204).end()).onFailure(ctx::fail);
    }

    // Somebody else's token is answered like one that does not exist.
    private Token findToken(RoutingContext ctx) {
        Principal caller = Caller.principal(ctx);
        String id = ctx.pathParam("id");
        if (id == null || !TokenId.isValid(id)) {
            throw ApiException.notFound();
        }
        return access.find(new TokenId(id))
                .filter(token -> token.account().equals(caller.account()) || caller.may(Scope.ADMIN))
                .orElseThrow(ApiException::notFound);
    }

    private void listAccounts(RoutingContext ctx) {
        TreeMap<String, ObjectNode> all = new TreeMap<>();
        configured.forEach(account -> all.put(account.value(), AccessJson.account(account, AccountLimits.NONE, null)));
        access.accounts().forEach(account -> all.put(account.id().value(), shown(account)));
        list(ctx, all.values().stream());
    }

    private void createAccount(RoutingContext ctx, byte[] body) {
        AccountRequest request = AccountRequest.create(RequestCheck.json(ctx, body));
        if (configured.contains(request.account()) || access.find(request.account()).isPresent()) {
            throw ApiException.invalid("username", FieldProblems.FORMAT, "there is an account of this name already");
        }
        Account account = new Account(request.account(), request.limits(), parts.context().clock().instant());
        write(account).onSuccess(made -> Replies.fresh(ctx, 201, json(shown(account)))).onFailure(ctx::fail);
    }

    private void updateAccount(RoutingContext ctx, byte[] body) {
        Account before = findAccount(ctx);
        AccountRequest request = AccountRequest.update(RequestCheck.json(ctx, body), before.id(), before.limits());
        Account account = new Account(before.id(), request.limits(), before.createdAt());
        write(account).onSuccess(made -> Replies.fresh(ctx, 200, json(shown(account)))).onFailure(ctx::fail);
    }

    private Account findAccount(RoutingContext ctx) {
        String name = ctx.pathParam("name");
        if (name == null || !AccountId.isValid(name)) {
            throw ApiException.notFound();
        }
        AccountId id = new AccountId(name);
        return access.find(id)
                .or(() -> configured.stream().filter(id::equals).findFirst()
                        .map(known -> new Account(known, AccountLimits.NONE, Instant.EPOCH)))
                .orElseThrow(ApiException::notFound);
    }

    private ObjectNode shown(Token token) {
        return AccessJson.token(token, access.lastUsed(token.id()));
    }

    private ObjectNode shown(Account account) {
        @Nullable Instant createdAt = configured.contains(account.id()) ? null : account.createdAt();
        return AccessJson.account(account.id(), account.limits(), createdAt);
    }

    private Future<?> write(AccessRecord change) {
        var seen = access.seen(change, LIMIT);
        return parts.sender()
                .send(parts.context().topics().access(), change.key(), Serdes.ACCESS.serialize(change))
                .compose(result -> result == SendResult.STORED
                        ? Future.fromCompletionStage(seen, parts.context().vertx().getOrCreateContext())
                        : Future.failedFuture(CreateRoutes.refusal(result)))
                .recover(failure -> Future.failedFuture(failure instanceof ApiException
                        ? failure
                        : new ApiException(ApiError.UNAVAILABLE, "The change could not be read back in time. Look whether it was made.")));
    }

    private static void list(RoutingContext ctx, Stream<ObjectNode> all) {
        ObjectNode envelope = Json.object().putNull("next").putNull("previous");
        List<ObjectNode> results = all.toList();
        envelope.putArray("results").addAll(results);
        Replies.fresh(ctx, 200, json(envelope));
    }

    private static Buffer json(ObjectNode json) {
        return Buffer.buffer(Json.bytes(json));
    }
}
