package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.kafka.SendResult;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.json.Serdes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Changes of what the routers keep: written as commands and answered when they have come back, so who made one sees it. */
final class Changes {

    /** How long a change may take to come back. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private Changes() {}

    /**
     * Writes a command and waits for what it leads to. Event loop only.
     *
     * @param effect asked for before; fails when the time is over
     */
    static <T> Future<Optional<T>> make(GatewayParts parts, Command command, CompletableFuture<Optional<T>> effect) {
        return parts.sender()
                .send(parts.context().topics().commands(), command.key(), Serdes.COMMAND.serialize(command))
                .compose(result -> result == SendResult.STORED
                        ? Future.fromCompletionStage(effect, parts.context().vertx().getOrCreateContext())
                        : Future.failedFuture(CreateRoutes.refusal(result)))
                .recover(failure -> Future.failedFuture(failure instanceof ApiException
                        ? failure
                        : new ApiException(
                                ApiError.UNAVAILABLE, "The change is stored; it will be made as soon as a router runs.")));
    }
}
