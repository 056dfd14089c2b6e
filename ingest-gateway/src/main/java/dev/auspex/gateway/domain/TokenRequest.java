package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.Scope;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request for a new token.
 *
 * @param account whose it will be
 * @param name for people
 * @param scopes what it may be used for
 * @param expiresAt from when on it is of no use; {@code null} for never
 */
public record TokenRequest(AccountId account, String name, Set<Scope> scopes, @Nullable Instant expiresAt) {

    private static final List<String> KNOWN = List.of("account", "name", "scopes", "expires_at");
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
        if (!body.isObject()) {
            throw ApiException.invalid("", FieldProblems.INVALID_TYPE, "the body must be a JSON object");
        }
        FieldProblems problems = new FieldProblems();
        body.properties().stream().filter(field -> !KNOWN.contains(field.getKey())).forEach(field -> problems.add(
                field.getKey(), FieldProblems.ADDITIONAL_PROPERTY,
                "additional property " + field.getKey() + " is not allowed"));
        String name = text(body, "name", problems);
        if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
            problems.add("name", FieldProblems.FORMAT, "expected 1 to " + LONGEST_NAME + " characters");
        }
        String account = text(body, "account", problems);
        if (account != null && !AccountId.isValid(account)) {
            problems.add("account", FieldProblems.FORMAT, "expected the name of an account");
        }
        Set<Scope> scopes = scopes(body.path("scopes"), caller, problems);
        Instant expiresAt = time(text(body, "expires_at", problems), now, problems);
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
        if (!given.isArray() || given.isEmpty()) {
            problems.add("scopes", FieldProblems.INVALID_TYPE, "expected an array of at least one of " + names());
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

    private static @Nullable String text(JsonNode body, String field, FieldProblems problems) {
        JsonNode value = body.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
            problems.add(field, FieldProblems.INVALID_TYPE, "expected a string");
        }
        return value.isTextual() ? value.textValue() : null;
    }
}
