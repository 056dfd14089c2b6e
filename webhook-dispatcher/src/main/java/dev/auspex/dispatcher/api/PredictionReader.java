package dev.auspex.dispatcher.api;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.runtime.http.InternalAccess;
import dev.auspex.runtime.http.ServiceClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks a router for a prediction that is over: its JSON is, byte for byte, the body of its {@code completed} message. Event
 * loop only.
 */
final class PredictionReader {

    private static final Duration TRY = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int CONNECTIONS = 16;

    private final ServiceClient routers;

    /**
     * @param baseUrls routers' addresses
     * @param access proves that one of us asks
     */
    PredictionReader(Vertx vertx, List<String> baseUrls, InternalAccess access) {
        this.routers = new ServiceClient(vertx, baseUrls, access, CONNECTIONS);
    }

    /** The body; empty if the prediction is not known any more or not over. Fails if no router answers. */
    Future<Optional<byte[]>> ended(AccountId account, PredictionId prediction) {
        String uri = "/internal/predictions/" + account + "/" + prediction;
        return routers.ask(ServiceClient.Question.get(uri, TRY), PATIENCE).map(answer -> {
            if (answer.status() == 404) {
                return Optional.<byte[]>empty();
            }
            String status = answer.headers().get("auspex-status");
            if (answer.status() != 200 || status == null) {
                throw new IllegalStateException("the router answered " + answer.status());
            }
            return Optional.of(answer.body()).filter(found -> PredictionStatus.of(status).isTerminal()).map(Buffer::getBytes);
        });
    }

    void close() {
        routers.close();
    }
}
