package dev.auspex.gateway.router;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.PredictionQuery;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.command.Command.ClaimKey;
import dev.auspex.protocol.json.Serdes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routers' internal HTTP interface. Asks again while a router is away or restoring, for as long as the caller has
 * patience, then fails with {@link ApiError#UNAVAILABLE}. Call it on a Vert.x context; futures complete there.
 */
public final class RouterClient {

    private static final Logger LOG = LoggerFactory.getLogger(RouterClient.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    /** What a try may take besides the time it was asked to wait. */
    private static final Duration TRY = Duration.ofSeconds(5);
    private static final String STATUS = "auspex-status";
    private static final String ATTEMPT = "auspex-attempt";
    private static final String CUT = "auspex-cut";
    private static final Future<Void> NEVER = Promise.<Void>promise().future();

    private final Vertx vertx;
    private final List<String> baseUrls;
    private volatile int preferred;
    private final String authorization;
    private final Duration patience;
    private final HttpClient reads;
    private final HttpClient waits;

    /**
     * @param baseUrls where routers answer, without a trailing slash; any of them will do
     * @param token proves that a gateway asks
     * @param patience how long a read is tried
     * @param maxWaits how many may wait for a terminal status at once: each holds a connection
     */
    public RouterClient(Vertx vertx, List<String> baseUrls, String token, Duration patience, int maxWaits) {
        this.vertx = vertx;
        this.baseUrls = List.copyOf(baseUrls);
        this.authorization = "Bearer " + token;
        this.patience = patience;
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(true)
                .setKeepAliveTimeout(30)
                .setConnectTimeout(2_000)
                .setTcpNoDelay(true);
        this.reads = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(64));
        this.waits = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(maxWaits));
    }

    /** What is known of a prediction now. */
    public Future<RouterAnswer> find(AccountId account, PredictionId id) {
        return attempt(new Query(reads, path(account, id), false, NEVER), patience).map(RouterClient::answer);
    }

    /**
     * What is known of a prediction as soon as its status is terminal, else after {@code wait}.
     *
     * @param abandoned completes when nobody wants the answer any more; the future then fails
     */
    public Future<RouterAnswer> await(AccountId account, PredictionId id, Duration wait, Future<Void> abandoned) {
        Promise<RouterAnswer> result = Promise.promise();
        abandoned.onComplete(gone -> result.tryFail("abandoned"));
        attempt(new Query(waits, path(account, id), true, abandoned), wait)
                .map(RouterClient::answer)
                .onSuccess(result::tryComplete)
                .onFailure(result::tryFail);
        return result.future();
    }

    /**
     * Predictions of an account.
     *
     * @param array a JSON array, newest first; one more than a page if there are more
     * @param cut whether there are more although the array is shorter, because they are large
     */
    public record Listed(Buffer array, boolean cut) {}

    /** A page of predictions and perhaps one more. */
    public Future<Listed> list(AccountId account, PredictionQuery query) {
        StringBuilder uri = new StringBuilder("/internal/predictions/").append(account)
                .append("?limit=").append(PredictionQuery.PAGE + 1);
        append(uri, "before", query.before());
        append(uri, "from", query.from());
        append(uri, "to", query.to());
        return attempt(new Query(reads, uri.toString(), false, NEVER), patience).compose(reply -> reply.status() == 200
                ? Future.succeededFuture(new Listed(reply.body(), reply.cut()))
                : Future.failedFuture(new IllegalStateException("router answered " + reply.status() + " to a list")));
    }

    /**
     * The claim that won where this one was written. Ask only after the broker has it: the router answers when it has read
     * it.
     */
    public Future<ClaimKey> winner(ClaimKey claim) {
        String uri = "/internal/claims/" + claim.account() + "/" + claim.claim() + "?at=" + claim.claimedAt();
        return attempt(new Query(reads, uri, false, NEVER), patience).map(reply -> {
            if (reply.status() == 200
                    && Serdes.COMMAND.deserialize(reply.body().getBytes()) instanceof ClaimKey winner) {
                return winner;
            }
            throw new IllegalStateException("router answered " + reply.status() + " to a claim");
        });
    }

    /** Closes the connections; what waits fails. */
    public Future<Void> close() {
        return Future.join(reads.close(), waits.close()).mapEmpty();
    }

    private static String path(AccountId account, PredictionId id) {
        return "/internal/predictions/" + account + "/" + id;
    }

    private static void append(StringBuilder uri, String name, @Nullable PredictionId id) {
        if (id != null) {
            uri.append('&').append(name).append('=').append(id);
        }
    }

    private static RouterAnswer answer(Reply reply) {
        if (reply.status() == 404) {
            return new RouterAnswer.Missing();
        }
        String status = reply.predictionStatus();
        if (reply.status() != 200 || status == null) {
            throw new IllegalStateException("router answered " + reply.status() + " without a prediction");
        }
        String attempt = reply.attempt();
        return new RouterAnswer.Found(
                reply.body(), PredictionStatus.of(status), attempt == null ? null : new AttemptId(attempt));
    }

    private Future<Reply> attempt(Query query, Duration time) {
        return attempt(query, System.nanoTime() + time.toNanos(), FIRST_PAUSE);
    }

    private Future<Reply> attempt(Query query, long deadline, Duration pause) {
        int router = preferred;
        return once(router, query, Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))).compose(
                reply -> {
                    if (reply.status() != 503) {
                        return Future.succeededFuture(reply);
                    }
                    passOver(router);
                    return again(query, deadline, pause, "503");
                },
                failure -> {
                    passOver(router);
                    return again(query, deadline, pause, failure.getClass().getSimpleName());
                });
    }

    // Whoever asks next does not have to find out again. Only the first who did moves on: it must not go round and round.
    private void passOver(int router) {
        if (preferred == router) {
            preferred = (router + 1) % baseUrls.size();
        }
    }

    private Future<Reply> again(Query query, long deadline, Duration pause, String cause) {
        if (query.abandoned().isComplete() || System.nanoTime() + pause.toNanos() > deadline) {
            LOG.atDebug().addKeyValue("cause", cause).log("no router answers");
            return Future.failedFuture(new ApiException(
                    ApiError.UNAVAILABLE, "The state of predictions cannot be read at the moment. Try again."));
        }
        Duration doubled = pause.multipliedBy(2);
        Duration next = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        return vertx.timer(pause.toMillis(), TimeUnit.MILLISECONDS)
                .compose(elapsed -> attempt(query, deadline, next));
    }

    private Future<Reply> once(int router, Query query, Duration left) {
        Duration wait = query.waits() ? left : Duration.ZERO;
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(baseUrls.get(router) + query.uri() + (query.waits() ? "?wait_ms=" + wait.toMillis() : ""))
                .putHeader("authorization", authorization)
                .setConnectTimeout(TRY.toMillis())
                .setIdleTimeout(wait.plus(TRY).toMillis());
        return query.client().request(options).compose(request -> {
            if (query.waits()) {
                query.abandoned().onComplete(gone -> request.reset());
            }
            return request.send().compose(RouterClient::reply);
        });
    }

    private static Future<Reply> reply(HttpClientResponse response) {
        return response.body().map(body -> new Reply(
                response.statusCode(), response.getHeader(STATUS), response.getHeader(ATTEMPT),
                response.headers().contains(CUT), body));
    }

    private record Query(HttpClient client, String uri, boolean waits, Future<Void> abandoned) {}

    private record Reply(
            int status, @Nullable String predictionStatus, @Nullable String attempt, boolean cut, Buffer body) {}
}
