package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.Scope;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request for a new token, of the documented form.
 *
 * @param account whose it will be
 * @param name for people
 * @param scopes what it may be used for
 * @param expiresAt from when on it is of no use; {@code null} for never
 */
public record TokenRequest(AccountId account, String name, Set<Scope> scopes, @Nullable Instant expiresAt) {

    private static final int LONGEST_NAME = 100;

    /** Copies the scopes. */
    public TokenRequest {
        scopes = Set.copyOf(scopes);
    }

    /**
     * Reads and checks it. Nobody can give what they do not have: scopes are at most the caller's, unless the caller is an
     * administrator.
     *
     * @throws ApiException 422 with every field that is wrong; 403 for another account without the scope for it
     */
    public static TokenRequest read(JsonNode body, Principal caller, Instant now) {
        FieldProblems problems = new FieldProblems();
        String name = body.path("name").textValue();
        if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
            problems.add("name", FieldProblems.FORMAT, "expected 1 to " + LONGEST_NAME + " characters");
        }
        String account = body.path("account").textValue();
        if (account != null && !AccountId.isValid(account)) {
            problems.add("account", FieldProblems.FORMAT, "expected the name of an account");
        }
        Set<Scope> scopes = scopes(body.path("scopes"), caller, problems);
        Instant expiresAt = time(body.path("expires_at").textValue(), now, problems);
        problems.throwIfAny();
        AccountId owner = account == null ? caller.account() : new AccountId(account);
        if (!owner.equals(caller.account())) {
            caller.require(Scope.ADMIN);
        }
        return new TokenRequest(owner, name == null ? "" : name, scopes, expiresAt);
    }

    private static Set<Scope> scopes(JsonNode given, Principal caller, FieldProblems problems) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        if (given.isMissingNode() || given.isNull()) {
            scopes.addAll(Scope.work());
            if (!caller.may(Scope.ADMIN)) {
                scopes.retainAll(caller.scopes());
            }
            return scopes;
        }
        for (JsonNode each : given) {
            Scope.find(each.asText()).ifPresentOrElse(
                    scope -> {
                        if (!caller.may(scope) && !caller.may(Scope.ADMIN)) {
                            problems.add("scopes", FieldProblems.ENUM,
                                    "expected scopes that the token of this request has; it does not have " + scope.wireName());
                        }
                        scopes.add(scope);
                    },
                    () -> problems.add("scopes", FieldProblems.ENUM, "expected some of " + names()));
        }
        return scopes;
    }

    private static String names() {
        return Arrays.stream(Scope.values()).map(Scope::wireName).collect(Collectors.joining(", "));
    }

    private static @Nullable Instant time(@Nullable String text, Instant now, FieldProblems problems) {
        if (text == null) {
            return null;
        }
        try {
            Instant time = PredictionQuery.instant(text);
            if (time.isAfter(now)) {
                return time;
            }
        } catch (DateTimeException e) {
            // reported below like a time that is over
        }
        problems.add("expires_at", FieldProblems.FORMAT, "expected an ISO 8601 time in the future, such as 2030-01-31T12:00:00Z");
        return null;
    }
}
