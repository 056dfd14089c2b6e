package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.AccountLimits;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that makes an account or changes its limits, of the documented form.
 *
 * @param account which
 * @param limits as they are then
 */
public record AccountRequest(AccountId account, AccountLimits limits) {

    private static final String USERNAME = "username";
    private static final String LIMITS = "limits";

    /** A request to make one. @throws ApiException 422 with every field that is wrong */
    public static AccountRequest create(JsonNode body) {
        String name = body.path(USERNAME).asText();
        if (!AccountId.isValid(name)) {
            throw ApiException.invalid(USERNAME, FieldProblems.FORMAT, "expected 1 to 64 characters of a-z, 0-9, '-' and '_', beginning and ending with a letter or digit");
        }
        return new AccountRequest(new AccountId(name), limits(body.path(LIMITS), AccountLimits.NONE));
    }

    /** A request to change one: limits that are not named stay, {@code null} brings back everybody's. */
    public static AccountRequest update(JsonNode body, AccountId account, AccountLimits before) {
        return new AccountRequest(account, limits(body.path(LIMITS), before));
    }

    private static AccountLimits limits(JsonNode given, AccountLimits before) {
        return new AccountLimits(
                limit(given.path("creates"), before.creates()),
                limit(given.path("reads"), before.reads()),
                limit(given.path("others"), before.others()),
                limit(given.path("queued"), before.queued()));
    }

    private static @Nullable Integer limit(JsonNode given, @Nullable Integer before) {
        if (given.isMissingNode()) {
            return before;
        }
        return given.isNull() ? null : Integer.valueOf(given.intValue());
    }
}
