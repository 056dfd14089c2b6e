package dev.auspex.gateway.http;

import dev.auspex.gateway.files.Claims;
import dev.auspex.gateway.kafka.SendResult;
import dev.auspex.protocol.command.Command.ClaimKey;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.runtime.config.Keys;
import io.vertx.core.Future;
import java.time.Duration;

/** Claims on idempotency keys: written as commands, decided by the router that reads them. Event loop only. */
final class KeyClaims implements Claims {

    /** Claims go a little before the predictions they stand for, or a forgotten one would be made again. */
    private static final Duration BEFORE_PREDICTIONS = Duration.ofMinutes(5);

    private final GatewayParts parts;
    private final Duration kept;

    KeyClaims(GatewayParts parts) {
        this.parts = parts;
        Duration wanted = parts.context().settings().get(Keys.IDEMPOTENCY_RETENTION);
        Duration possible = parts.context().topics().settings().retention().minus(BEFORE_PREDICTIONS);
        this.kept = wanted.compareTo(possible) < 0 ? wanted : possible;
    }

    @Override
    public Future<ClaimKey> winner(ClaimKey mine) {
        return parts.sender()
                .send(parts.context().topics().commands(), mine.key(), Serdes.COMMAND.serialize(mine))
                .compose(result -> result == SendResult.STORED
                        ? parts.router().winner(mine)
                        : Future.failedFuture(CreateRoutes.refusal(result)));
    }

    @Override
    public Duration kept() {
        return kept;
    }
}
