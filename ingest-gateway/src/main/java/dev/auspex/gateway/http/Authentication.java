package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.Principal;
import dev.auspex.gateway.domain.ScopeRules;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.AccessRecord.Token;
import dev.auspex.protocol.access.AccountLimits;
import dev.auspex.protocol.access.Scope;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Keys.AccountToken;
import dev.auspex.runtime.config.Settings;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who makes a request by its bearer token, and whether the token may be used for it; {@code Bearer} and
 * {@code Token} mean the same, as on Replicate. Tokens are looked up by their SHA-256: what a look-up compares, and so the
 * time it takes, says nothing about any token. Requests beyond a token's rate end here. Safe for any thread.
 */
final class Authentication implements Handler<RoutingContext> {

    private final GatewayParts parts;
    private final Settings settings;
    private final Map<String, Principal> configured = new HashMap<>();
    private final ConcurrentMap<String, RateLimits> limits = new ConcurrentHashMap<>();
    private final TokenUse use;

    /** Reads the tokens of the configuration; the others are asked for when they come. */
    Authentication(GatewayParts parts) {
        this.parts = parts;
        this.settings = parts.context().settings();
        this.use = new TokenUse(parts);
        Set<AccountId> administrators = administrators(settings);
        for (AccountToken token : settings.get(Keys.TOKENS)) {
            boolean admin = administrators.contains(token.account());
            configured.put(
                    TokenSecret.hash(token.token().value()),
                    new Principal(
                            token.account(), admin ? EnumSet.allOf(Scope.class) : EnumSet.complementOf(EnumSet.of(Scope.ADMIN))));
        }
    }

    /** The accounts that the configuration has tokens of. */
    static Set<AccountId> configuredAccounts(Settings settings) {
        return settings.get(Keys.TOKENS).stream().map(AccountToken::account).collect(Collectors.toUnmodifiableSet());
    }

    // Who configures a single account is the operator. Of several, tenants must not find themselves in charge of others.
    private static Set<AccountId> administrators(Settings settings) {
        Set<AccountId> all = configuredAccounts(settings);
        return settings.find(Keys.ADMINS).map(named -> (Set<AccountId>) new HashSet<>(named))
                .orElse(all.size() == 1 ? all : Set.of());
    }

    @Override
    public void handle(RoutingContext ctx) {
        String token = token(ctx.request().getHeader(HttpHeaders.AUTHORIZATION));
        if (token == null) {
            ctx.fail(new ApiException(ApiError.UNAUTHENTICATED, "You did not pass an authentication token"));
            return;
        }
        String hash = TokenSecret.hash(token);
        Principal principal = configured.get(hash);
        if (principal == null) {
            principal = issued(hash);
        }
        if (limits(hash, principal.account()).admit(ctx)) {
            // As the routes see the path: an escaped letter must not lead past the rule.
            ScopeRules.needed(ctx.request().method().name(), ctx.normalizedPath()).ifPresent(principal::require);
            Caller.set(ctx, principal);
            ctx.next();
        }
    }

    // Of no use for whatever reason: the answer is the same, so that nobody learns that it once was.
    private Principal issued(String hash) {
        if (!parts.access().isCaughtUp()) {
            throw new ApiException(ApiError.UNAVAILABLE, "The gateway has just started and is reading the tokens.");
        }
        Instant now = parts.context().clock().instant();
        Token token = parts.access().byHash(hash).filter(known -> known.holdsAt(now)).orElse(null);
        if (token == null) {
            throw new ApiException(ApiError.UNAUTHENTICATED, "You did not pass a valid authentication token");
        }
        use.note(token.id(), now);
        return new Principal(token.account(), token.scopes());
    }

    private RateLimits limits(String hash, AccountId account) {
        AccountLimits own = parts.access().find(account).map(known -> known.limits()).orElse(AccountLimits.NONE);
        RateLimits known = limits.get(hash);
        if (known == null || !known.areFor(own)) {
            known = limits.merge(hash, new RateLimits(settings, own), (old, made) -> old.areFor(own) ? old : made);
        }
        return known;
    }

    private static @Nullable String token(@Nullable String header) {
        if (header == null) {
            return null;
        }
        int space = header.indexOf(' ');
        String scheme = space < 0 ? "" : header.substring(0, space);
        String token = header.substring(space + 1).strip();
        boolean known = scheme.equalsIgnoreCase("Bearer") || scheme.equalsIgnoreCase("Token");
        return known && !token.isEmpty() ? token : null;
    }
}
