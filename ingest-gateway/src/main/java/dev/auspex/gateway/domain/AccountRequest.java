package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.AccountLimits;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that makes an account or changes its limits.
 *
 * @param account which
 * @param limits as they are then
 */
public record AccountRequest(AccountId account, AccountLimits limits) {

    private static final String USERNAME = "username";
    private static final String LIMITS = "limits";
    private static final List<String> KNOWN = List.of("creates", "reads", "others", "queued");
    private static final int MOST = 100_000_000;

    /** A request to make one. @throws ApiException 422 with every field that is wrong */
    public static AccountRequest create(JsonNode body) {
        FieldProblems problems = new FieldProblems();
        checkFields("", body, List.of(USERNAME, LIMITS), problems);
        JsonNode name = body.path(USERNAME);
        if (!name.isTextual() || !AccountId.isValid(name.textValue())) {
            problems.add(USERNAME, FieldProblems.FORMAT, "expected 1 to 64 characters of a-z, 0-9, '-' and '_', beginning and ending with a letter or digit");
        }
        AccountLimits limits = limits(body.path(LIMITS), AccountLimits.NONE, problems);
        problems.throwIfAny();
        return new AccountRequest(new AccountId(name.textValue()), limits);
    }

    /** A request to change one: limits that are not named stay, {@code null} brings back everybody's. */
    public static AccountRequest update(JsonNode body, AccountId account, AccountLimits before) {
        FieldProblems problems = new FieldProblems();
        checkFields("", body, List.of(LIMITS), problems);
        AccountLimits limits = limits(body.path(LIMITS), before, problems);
        problems.throwIfAny();
        return new AccountRequest(account, limits);
    }

    private static AccountLimits limits(JsonNode given, AccountLimits before, FieldProblems problems) {
        if (given.isMissingNode()) {
            return before;
        }
        checkFields(LIMITS + ".", given, KNOWN, problems);
        return new AccountLimits(
                limit(given, "creates", before.creates(), problems),
                limit(given, "reads", before.reads(), problems),
                limit(given, "others", before.others(), problems),
                limit(given, "queued", before.queued(), problems));
    }

    private static @Nullable Integer limit(
            JsonNode given, String name, @Nullable Integer before, FieldProblems problems) {
        JsonNode value = given.path(name);
        if (value.isMissingNode()) {
            return before;
        }
        if (value.isNull()) {
            return null;
        }
        if (!value.isInt() || value.intValue() < 0 || value.intValue() > MOST) {
            problems.add(LIMITS + "." + name, FieldProblems.FORMAT,
                    "expected an integer from 0 to " + MOST + ", 0 for no limit, or null for everybody's");
            return null;
        }
        return value.intValue();
    }

    private static void checkFields(String prefix, JsonNode body, List<String> known, FieldProblems problems) {
        if (!body.isObject()) {
            problems.add(prefix.isEmpty() ? "" : LIMITS, FieldProblems.INVALID_TYPE, "expected a JSON object");
            return;
        }
        Stream<Map.Entry<String, JsonNode>> unknown =
                body.properties().stream().filter(field -> !known.contains(field.getKey()));
        unknown.forEach(field -> problems.add(
                prefix + field.getKey(), FieldProblems.ADDITIONAL_PROPERTY,
                "additional property " + field.getKey() + " is not allowed"));
    }
}
