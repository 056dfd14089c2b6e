package dev.auspex.gateway.router;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.PredictionQuery;
import dev.auspex.gateway.domain.StatusNames;
import dev.auspex.gateway.domain.UsageRequest;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.command.Command.ClaimKey;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.runtime.http.InternalAccess;
import dev.auspex.runtime.http.ServiceClient;
import dev.auspex.runtime.http.ServiceClient.Answer;
import dev.auspex.runtime.http.ServiceClient.NoAnswerException;
import dev.auspex.runtime.http.ServiceClient.Question;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routers' internal HTTP interface. Asks again while a router is away or restoring, for as long as the caller has
 * patience, then fails with {@link ApiError#UNAVAILABLE}. Call it on a Vert.x context; futures complete there.
 */
public final class RouterClient {

    /** What a try may take besides the time it was asked to wait. */
    private static final Duration TRY = Duration.ofSeconds(5);
    /** Reading a topic from its beginning takes longer. */
    private static final Duration RECOUNT = Duration.ofSeconds(70);
    private static final int READS = 64;
    private static final String STATUS = "auspex-status";
    private static final String ATTEMPT = "auspex-attempt";
    private static final String CUT = "auspex-cut";

    private final Duration patience;
    private final ServiceClient reads;
    private final ServiceClient waits;

    /**
     * @param baseUrls where routers answer, without a trailing slash; any of them will do
     * @param access proves that a gateway asks
     * @param patience how long a read is tried
     * @param maxWaits how many may wait for a terminal status at once: each holds a connection
     */
    public RouterClient(Vertx vertx, List<String> baseUrls, InternalAccess access, Duration patience, int maxWaits) {
        this.patience = patience;
        this.reads = new ServiceClient(vertx, baseUrls, access, READS);
        this.waits = new ServiceClient(vertx, baseUrls, access, maxWaits);
    }

    /** What is known of a prediction now. */
    public Future<RouterAnswer> find(AccountId account, PredictionId id) {
        return read(path(account, id)).map(RouterClient::answer);
    }

    /**
     * What is known of a prediction as soon as its status is terminal, else after {@code wait}.
     *
     * @param abandoned completes when nobody wants the answer any more; the future then fails
     */
    public Future<RouterAnswer> await(AccountId account, PredictionId id, Duration wait, Future<Void> abandoned) {
        Promise<RouterAnswer> result = Promise.promise();
        abandoned.onComplete(gone -> result.tryFail("abandoned"));
        waits.ask(new Question(HttpMethod.GET, path(account, id), Buffer.buffer(), TRY, true), wait, abandoned)
                .recover(RouterClient::unavailable)
                .map(RouterClient::answer)
                .onSuccess(result::tryComplete)
                .onFailure(result::tryFail);
        return result.future();
    }

    /**
     * Predictions of an account.
     *
     * @param array a JSON array, newest first, or oldest first where the query goes backwards; one more than a page if there are more
     * @param cut whether there are more although the array is shorter, because they are large
     */
    public record Listed(Buffer array, boolean cut) {}

    /** A page of predictions and perhaps one more. @param names what the caller knows */
    public Future<Listed> list(AccountId account, PredictionQuery query, StatusNames names) {
        StringBuilder uri = new StringBuilder("/internal/predictions/").append(account)
                .append("?limit=").append(PredictionQuery.PAGE + 1)
                .append(names == StatusNames.OWN ? "&aborted=true" : "");
        append(uri, "before", query.before());
        append(uri, "from", query.from());
        append(uri, "to", query.to());
        append(uri, "after", query.after());
        return read(uri.toString()).compose(reply -> reply.status() == 200
                ? Future.succeededFuture(new Listed(reply.body(), reply.headers().contains(CUT)))
                : Future.failedFuture(new IllegalStateException("router answered " + reply.status() + " to a list")));
    }

    /**
     * The claim that won where this one was written. Ask only after the broker has it: the router answers when it has read
     * it.
     */
    public Future<ClaimKey> winner(ClaimKey claim) {
        String uri = "/internal/claims/" + claim.account() + "/" + claim.claim() + "?at=" + claim.claimedAt();
        return read(uri).map(reply -> {
            if (reply.status() == 200
                    && Serdes.COMMAND.deserialize(reply.body().getBytes()) instanceof ClaimKey winner) {
                return winner;
            }
            throw new IllegalStateException("router answered " + reply.status() + " to a claim");
        });
    }

    /** The rows of an account's usage, as JSON. @param account {@code null} for everybody's */
    public Future<Buffer> usage(@Nullable AccountId account, UsageRequest request) {
        String uri = "/internal/usage?from=" + request.from() + "&to=" + request.to()
                + (account == null ? "" : "&account=" + account) + (request.recount() ? "&recount=true" : "");
        return reads.ask(Question.get(uri, request.recount() ? RECOUNT : TRY), patience)
                .recover(RouterClient::unavailable)
                .compose(reply -> reply.status() == 200
                        ? Future.succeededFuture(reply.body())
                        : Future.failedFuture(new IllegalStateException("router answered " + reply.status() + " to usage")));
    }

    /** How many predictions of each account wait for their start; accounts without any are not in it. */
    public Future<Map<String, Long>> queued() {
        return reads.ask(Question.get("/internal/queued", TRY), TRY).map(reply -> {
            if (reply.status() != 200) {
                throw new IllegalStateException("router answered " + reply.status() + " to a count");
            }
            try {
                return Json.mapper().readValue(reply.body().getBytes(), new TypeReference<>() {});
            } catch (IOException e) {
                throw new IllegalStateException("the router's count cannot be read", e);
            }
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

    private static RouterAnswer answer(Answer reply) {
        if (reply.status() == 404) {
            return new RouterAnswer.Missing();
        }
        String status = reply.headers().get(STATUS);
        if (reply.status() != 200 || status == null) {
            throw new IllegalStateException("router answered " + reply.status() + " without a prediction");
        }
        String attempt = reply.headers().get(ATTEMPT);
        return new RouterAnswer.Found(
                reply.body(), PredictionStatus.of(status), attempt == null ? null : new AttemptId(attempt));
    }

    private Future<Answer> read(String uri) {
        return reads.ask(Question.get(uri, TRY), patience).recover(RouterClient::unavailable);
    }

    private static Future<Answer> unavailable(Throwable failure) {
        return Future.failedFuture(failure instanceof NoAnswerException
                ? new ApiException(
                        ApiError.UNAVAILABLE, "The state of predictions cannot be read at the moment. Try again.")
                : failure);
    }
}
