package dev.auspex.dispatcher.api;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;

/**
 * Asks a router for a prediction that is over: its JSON is, byte for byte, the body of its {@code completed} message. Event
 * loop only.
 */
final class PredictionReader {

    private static final int CONNECT_MILLIS = 2_000;
    private static final long READ_MILLIS = 10_000;
    private static final int CONNECTIONS = 16;

    private final HttpClient client;
    private final String base;
    private final String authorization;

    /**
     * @param base a router's address
     * @param token proves that one of us asks
     */
    PredictionReader(Vertx vertx, String base, String token) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS), new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.base = base;
        this.authorization = "Bearer " + token;
    }

    /** The body; empty if the prediction is not known any more or not over. Fails if the router does not answer. */
    Future<Optional<byte[]>> ended(AccountId account, PredictionId prediction) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(base + "/internal/predictions/" + account + "/" + prediction)
                .putHeader("authorization", authorization)
                .setIdleTimeout(READ_MILLIS);
        return client.request(options).compose(request -> request.send()).compose(response -> response.body().map(body -> {
            if (response.statusCode() == 404) {
                return Optional.<byte[]>empty();
            }
            String status = response.getHeader("auspex-status");
            if (response.statusCode() != 200 || status == null) {
                throw new IllegalStateException("the router answered " + response.statusCode());
            }
            return Optional.of(body).filter(found -> PredictionStatus.of(status).isTerminal()).map(Buffer::getBytes);
        }));
    }

    void close() {
        client.close();
    }
}
