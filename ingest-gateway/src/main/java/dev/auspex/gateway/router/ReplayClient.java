package dev.auspex.gateway.router;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.IdempotencyKey;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.replay.ReplayRecord;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.runtime.http.InternalAccess;
import dev.auspex.runtime.http.ServiceClient;
import dev.auspex.runtime.http.ServiceClient.Answer;
import dev.auspex.runtime.http.ServiceClient.NoAnswerException;
import dev.auspex.runtime.http.ServiceClient.Question;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Asks a router about replays and dead letters; any router will do. Every question can be repeated, so one that finds no
 * router is asked again for some seconds. Call it on a Vert.x context; futures complete there, with the API's JSON or an
 * {@link ApiException}.
 */
public final class ReplayClient {

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    /** A dry run reads for up to a minute, perhaps after waiting for others. */
    private static final Duration DRY_RUN_ANSWER = Duration.ofSeconds(120);

    private static final int CONNECTIONS = 16;

    private final ServiceClient routers;

    /** @param baseUrls where routers answer @param access proves that a gateway asks */
    public ReplayClient(Vertx vertx, List<String> baseUrls, InternalAccess access) {
        this.routers = new ServiceClient(vertx, baseUrls, access, CONNECTIONS);
    }

    /** Creates a replay, or gives the one that the same request created before. */
    public Future<Buffer> create(ReplayRequest request) {
        return ask(new Question(HttpMethod.POST, replays(request.account()), body(request), ANSWER, false));
    }

    /** What a replay would do. */
    public Future<Buffer> dryRun(ReplayRequest request) {
        return ask(new Question(
                HttpMethod.POST, replays(request.account()) + "?dry_run=true", body(request), DRY_RUN_ANSWER, false));
    }

    /** One replay. */
    public Future<Buffer> find(AccountId account, PredictionId id) {
        return ask(Question.get(replays(account) + "/" + id, ANSWER));
    }

    /** The newest replays: a JSON array. */
    public Future<Buffer> list(AccountId account) {
        return ask(Question.get(replays(account), ANSWER));
    }

    /** Stops a replay. */
    public Future<Buffer> cancel(AccountId account, PredictionId id) {
        return ask(new Question(HttpMethod.POST, replays(account) + "/" + id + "/cancel", Buffer.buffer(), ANSWER, false));
    }

    /** The newest dead letters: a JSON array. */
    public Future<Buffer> deadLetters(AccountId account) {
        return ask(Question.get("/internal/dead/" + account, ANSWER));
    }

    /** One dead letter. */
    public Future<Buffer> deadLetter(AccountId account, PredictionId id) {
        return ask(Question.get("/internal/dead/" + account + "/" + id, ANSWER));
    }

    private static String replays(AccountId account) {
        return "/internal/replays/" + account;
    }

    private static Buffer body(ReplayRequest request) {
        return Buffer.buffer(Serdes.REPLAY.serialize(new ReplayRecord.Requested(request)));
    }

    private Future<Buffer> ask(Question question) {
        return routers.ask(question, PATIENCE)
                .recover(failure -> Future.failedFuture(failure instanceof NoAnswerException ? unavailable() : failure))
                .compose(ReplayClient::result);
    }

    private static ApiException unavailable() {
        return new ApiException(ApiError.UNAVAILABLE, "Replays cannot be asked for at the moment. Try again.");
    }

    private static Future<Buffer> result(Answer reply) {
        return switch (reply.status()) {
            case 200 -> Future.succeededFuture(reply.body());
            case 404 -> Future.failedFuture(ApiException.notFound());
            case 409 -> Future.failedFuture(IdempotencyKey.reused());
            case 422 -> Future.failedFuture(ApiException.invalid(
                    "filter", "too_much", reply.body().toString(StandardCharsets.UTF_8).strip()));
            case 429 -> Future.failedFuture(
                    new ApiException(ApiError.THROTTLED, reply.body().toString(StandardCharsets.UTF_8).strip()));
            default -> Future.failedFuture(unavailable());
        };
    }
}
