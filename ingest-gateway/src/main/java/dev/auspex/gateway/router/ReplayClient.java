package dev.auspex.gateway.router;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.IdempotencyKey;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.replay.ReplayRecord;
import dev.auspex.protocol.replay.ReplayRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a router about replays and dead letters; any router will do. Every question can be repeated, so one that finds no
 * router is asked again for some seconds. Call it on a Vert.x context; futures complete there, with the API's JSON or an
 * {@link ApiException}.
 */
public final class ReplayClient {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayClient.class);
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    /** A dry run reads for up to a minute, perhaps after waiting for others. */
    private static final Duration DRY_RUN_ANSWER = Duration.ofSeconds(120);

    private final Vertx vertx;
    private final String baseUrl;
    private final String authorization;
    private final HttpClient http;

    /** @param baseUrl where a router answers @param token proves that a gateway asks */
    public ReplayClient(Vertx vertx, String baseUrl, String token) {
        this.vertx = vertx;
        this.baseUrl = baseUrl;
        this.authorization = "Bearer " + token;
        this.http = vertx.createHttpClient(new HttpClientOptions().setTcpNoDelay(true));
    }

    /** Creates a replay, or gives the one that the same request created before. */
    public Future<Buffer> create(ReplayRequest request) {
        return ask(new Question(HttpMethod.POST, replays(request.account()), body(request), ANSWER));
    }

    /** What a replay would do. */
    public Future<Buffer> dryRun(ReplayRequest request) {
        return ask(new Question(
                HttpMethod.POST, replays(request.account()) + "?dry_run=true", body(request), DRY_RUN_ANSWER));
    }

    /** One replay. */
    public Future<Buffer> find(AccountId account, PredictionId id) {
        return ask(Question.get(replays(account) + "/" + id));
    }

    /** The newest replays: a JSON array. */
    public Future<Buffer> list(AccountId account) {
        return ask(Question.get(replays(account)));
    }

    /** Stops a replay. */
    public Future<Buffer> cancel(AccountId account, PredictionId id) {
        return ask(new Question(HttpMethod.POST, replays(account) + "/" + id + "/cancel", Buffer.buffer(), ANSWER));
    }

    /** The newest dead letters: a JSON array. */
    public Future<Buffer> deadLetters(AccountId account) {
        return ask(Question.get("/internal/dead/" + account));
    }

    /** One dead letter. */
    public Future<Buffer> deadLetter(AccountId account, PredictionId id) {
        return ask(Question.get("/internal/dead/" + account + "/" + id));
    }

    private static String replays(AccountId account) {
        return "/internal/replays/" + account;
    }

    private static Buffer body(ReplayRequest request) {
        return Buffer.buffer(Serdes.REPLAY.serialize(new ReplayRecord.Requested(request)));
    }

    private record Question(HttpMethod method, String uri, Buffer body, Duration patience) {
        static Question get(String uri) {
            return new Question(HttpMethod.GET, uri, Buffer.buffer(), ANSWER);
        }
    }

    private record Reply(int status, Buffer body) {}

    private Future<Buffer> ask(Question question) {
        return ask(question, System.nanoTime() + PATIENCE.toNanos()).compose(ReplayClient::result);
    }

    private Future<Reply> ask(Question question, long deadline) {
        return once(question).compose(
                reply -> reply.status() == 503 ? again(question, deadline, reply, null) : Future.succeededFuture(reply),
                failure -> again(question, deadline, null, failure));
    }

    private Future<Reply> again(
            Question question, long deadline, @Nullable Reply reply, @Nullable Throwable failure) {
        if (System.nanoTime() + PAUSE.toNanos() > deadline) {
            LOG.atDebug().addKeyValue("cause", failure == null ? "503" : failure.toString()).log("no router answers");
            return Future.succeededFuture(reply == null ? new Reply(503, Buffer.buffer()) : reply);
        }
        return vertx.timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS).compose(elapsed -> ask(question, deadline));
    }

    private Future<Reply> once(Question question) {
        RequestOptions options = new RequestOptions()
                .setMethod(question.method())
                .setAbsoluteURI(baseUrl + question.uri())
                .putHeader("authorization", authorization)
                .setConnectTimeout(CONNECT.toMillis())
                .setIdleTimeout(question.patience().toMillis());
        return http.request(options)
                .compose(request -> request.send(question.body()))
                .compose(response -> response.body().map(body -> new Reply(response.statusCode(), body)));
    }

    private static Future<Buffer> result(Reply reply) {
        return switch (reply.status()) {
            case 200 -> Future.succeededFuture(reply.body());
            case 404 -> Future.failedFuture(ApiException.notFound());
            case 409 -> Future.failedFuture(IdempotencyKey.reused());
            case 422 -> Future.failedFuture(ApiException.invalid(
                    "filter", "too_much", reply.body().toString(StandardCharsets.UTF_8).strip()));
            case 429 -> Future.failedFuture(
                    new ApiException(ApiError.THROTTLED, reply.body().toString(StandardCharsets.UTF_8).strip()));
            default -> Future.failedFuture(new ApiException(
                    ApiError.UNAVAILABLE, "Replays cannot be asked for at the moment. Try again."));
        };
    }
}
