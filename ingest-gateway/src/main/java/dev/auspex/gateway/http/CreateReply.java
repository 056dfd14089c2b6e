package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.EarlierPrediction;
import dev.auspex.gateway.domain.IdempotencyKey;
import dev.auspex.gateway.domain.StatusNames;
import dev.auspex.gateway.domain.WaitPreference;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.json.PredictionJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** How one create request is answered: at once, or when its prediction has ended. Event loop only. */
final class CreateReply {

    private final RoutingContext ctx;
    private final SyncWaits waits;
    private final StatusNames names;
    private final @Nullable WaitPreference wait;
    /** By {@link System#nanoTime}. */
    private final long until;

    /** The time to wait counts from now. @throws ApiException 422 if a header cannot be read */
    CreateReply(RoutingContext ctx, SyncWaits waits) {
        HttpServerRequest http = ctx.request();
        this.ctx = ctx;
        this.waits = waits;
        this.names = PredictionRoutes.statusNames(ctx);
        this.wait = http.headers().contains("Prefer")
                ? WaitPreference.parse(http.headers().getAll("Prefer")).orElse(null)
                : null;
        this.until = wait == null ? 0 : System.nanoTime() + wait.limit().toNanos();
    }

    /** Answers with a prediction that this request made. */
    void made(Job job) {
        if (wait == null) {
            starting(job, 201);
            return;
        }
        ctx.response().putHeader("Preference-Applied", wait.applied());
        waits.terminal(ctx, job.account(), job.id(), until).onSuccess(done -> {
            if (done.isPresent()) {
                send(201, job.urls().get(), done.get().body(names));
            } else {
                // "starting" even if it runs by now: clients take any other status for the end.
                starting(job, 202);
            }
        });
    }

    /** Answers with a prediction that an earlier, equal request made: what that request was or would have been told. */
    void repeated(AccountId account, Made.Earlier made) {
        EarlierPrediction earlier = made.prediction();
        ctx.response().putHeader(IdempotencyKey.REPLAYED, "true");
        if (wait == null) {
            send(201, earlier.location(), Buffer.buffer(earlier.created()));
            return;
        }
        ctx.response().putHeader("Preference-Applied", wait.applied());
        if (made.now().status().isTerminal()) {
            send(201, earlier.location(), made.now().body(names));
            return;
        }
        waits.terminal(ctx, account, made.id(), until).onSuccess(done -> send(
                done.isPresent() ? 201 : 202,
                earlier.location(),
                done.map(found -> found.body(names)).orElseGet(() -> Buffer.buffer(earlier.created()))));
    }

    private void starting(Job job, int status) {
        send(status, job.urls().get(), Buffer.buffer(PredictionJson.render(Prediction.starting(job))));
    }

    private void send(int status, String location, Buffer body) {
        HttpServerResponse response = ctx.response();
        if (!response.closed() && !response.ended()) {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, Replies.JSON)
                    .putHeader(HttpHeaders.LOCATION, location)
                    .end(body);
        }
    }
}
