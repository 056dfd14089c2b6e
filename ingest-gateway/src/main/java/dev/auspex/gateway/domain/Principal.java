package dev.auspex.gateway.domain;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.Scope;
import java.util.Set;

/**
 * Who makes a request, by the token that came with it.
 *
 * @param account whose token
 * @param scopes what it may be used for
 */
public record Principal(AccountId account, Set<Scope> scopes) {

    /** Copies the scopes. */
    public Principal {
        scopes = Set.copyOf(scopes);
    }

    /** Whether the token has this scope. */
    public boolean may(Scope scope) {
        return scopes.contains(scope);
    }

    /** @throws ApiException 403 naming the scope that is missing */
    public void require(Scope scope) {
        if (!may(scope)) {
            throw new ApiException(
                    ApiError.FORBIDDEN, "This token does not have the scope \"" + scope.wireName() + "\".");
        }
    }
}
