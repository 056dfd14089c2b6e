package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.AccessRecord.Token;
import dev.auspex.protocol.access.AccountLimits;
import dev.auspex.protocol.json.Json;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the API shows tokens and accounts. A token itself is shown once, to whoever made it. */
public final class AccessJson {

    private AccessJson() {}

    /** @param used when it was last used, as far as is known */
    public static ObjectNode token(Token token, Optional<LocalDate> used) {
        ObjectNode json = Json.object()
                .put("id", token.id().value())
                .put("account", token.account().value())
                .put("name", token.name());
        ArrayNode scopes = json.putArray("scopes");
        token.scopes().forEach(scope -> scopes.add(scope.wireName()));
        json.put("created_at", token.life().createdAt().toString());
        time(json, "expires_at", token.life().expiresAt());
        time(json, "revoked_at", token.life().revokedAt());
        used.ifPresentOrElse(day -> json.put("last_used_on", day.toString()), () -> json.putNull("last_used_on"));
        return json;
    }

    /** @param createdAt {@code null} for an account that stands in the configuration */
    public static ObjectNode account(AccountId account, AccountLimits limits, @Nullable Instant createdAt) {
        ObjectNode json = Json.object().put("username", account.value());
        json.put("source", createdAt == null ? "configuration" : "api");
        time(json, "created_at", createdAt);
        ObjectNode shown = json.putObject("limits");
        shown.put("creates", limits.creates());
        shown.put("reads", limits.reads());
        shown.put("others", limits.others());
        shown.put("queued", limits.queued());
        return json;
    }

    private static void time(ObjectNode json, String name, @Nullable Instant time) {
        if (time == null) {
            json.putNull(name);
        } else {
            json.put(name, time.toString());
        }
    }
}
