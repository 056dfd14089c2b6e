package dev.auspex.gateway.http;

import dev.auspex.protocol.access.AccessRecord.TokenUsed;
import dev.auspex.protocol.access.TokenId;
import dev.auspex.protocol.json.Serdes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Writes down on which day a token was last used: one small record per token, day and gateway, so that whoever cleans up
 * sees which ones nobody needs. Nobody waits for it. Call it on a Vert.x context.
 */
final class TokenUse {

    private final GatewayParts parts;
    private final ConcurrentMap<TokenId, LocalDate> noted = new ConcurrentHashMap<>();

    TokenUse(GatewayParts parts) {
        this.parts = parts;
    }

    void note(TokenId token, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (today.equals(noted.get(token)) || today.equals(noted.put(token, today))) {
            return;
        }
        TokenUsed used = new TokenUsed(token, today);
        if (parts.access().lastUsed(token).filter(day -> !day.isBefore(today)).isEmpty()) {
            parts.sender().send(parts.context().topics().access(), used.key(), Serdes.ACCESS.serialize(used));
        }
    }
}
