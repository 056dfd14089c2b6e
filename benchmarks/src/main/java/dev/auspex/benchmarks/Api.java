package dev.auspex.benchmarks;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The installation's HTTP API, as far as the benchmark needs it. */
final class Api {

    private static final long TIMEOUT_MILLIS = 30_000;
    private static final int REFUSAL_LENGTH = 300;

    private final HttpClient client;
    private final URI base;
    private final String token;

    /** What the API said to a submission. */
    sealed interface Answer {}

    /** 2xx. @param prediction the new id */
    record Accepted(String prediction) implements Answer {}

    /** Another status. @param why status and the beginning of the body */
    record Refused(String why) implements Answer {}

    /** None in time, or the connection broke. @param why the cause */
    record Unanswered(String why) implements Answer {}

    /** @param connections how many are open at most; further requests wait for one */
    Api(Vertx vertx, URI base, String token, int connections) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setTcpNoDelay(true).setKeepAliveTimeout(600),
                new PoolOptions().setHttp1MaxSize(connections));
        this.base = base;
        this.token = token;
    }

    /** The account's webhook signing secret. Blocks. @throws IllegalStateException if the API does not give it */
    String webhookSecret() throws TimeoutException {
        String path = "/v1/webhooks/default/secret";
        return client.request(options(HttpMethod.GET, path))
                .compose(request -> request.send())
                .compose(response -> response.body().map(body -> {
                    String key = Body.text(body.getBytes(), "\"key\":\"".getBytes(StandardCharsets.US_ASCII));
                    if (response.statusCode() != 200 || key == null) {
                        throw new IllegalStateException(
                                base + path + " answered " + refusal(response.statusCode(), body));
                    }
                    return key;
                }))
                .await(30, TimeUnit.SECONDS);
    }

    /** The headers and path of a submission, to be used for many. */
    RequestOptions submission(String model) {
        return options(HttpMethod.POST, "/v1/models/" + model + "/predictions")
                .putHeader("content-type", "application/json");
    }

    /** Submits on the event loop that calls. Never fails. */
    Future<Answer> submit(RequestOptions submission, Buffer body) {
        return client.request(submission)
                .compose(request -> request.send(body))
                .compose(response -> response.body().map(answer -> answer(response.statusCode(), answer)))
                .otherwise(cause -> new Unanswered(cause.toString()));
    }

    /** Closes its connections. */
    void close() throws TimeoutException {
        client.close().await(10, TimeUnit.SECONDS);
    }

    private RequestOptions options(HttpMethod method, String path) {
        return new RequestOptions()
                .setMethod(method)
                .setHost(base.getHost())
                .setPort(base.getPort())
                .setURI((base.getRawPath() == null ? "" : base.getRawPath()) + path)
                .setTimeout(TIMEOUT_MILLIS)
                .putHeader("authorization", "Bearer " + token);
    }

    private static Answer answer(int status, Buffer body) {
        if (status / 100 == 2) {
            String id = Body.text(body.getBytes(), Body.ID);
            if (id != null) {
                return new Accepted(id);
            }
        }
        return new Refused(refusal(status, body));
    }

    private static String refusal(int status, Buffer body) {
        String text = body.toString();
        return status + " " + text.substring(0, Math.min(REFUSAL_LENGTH, text.length())).strip();
    }
}
