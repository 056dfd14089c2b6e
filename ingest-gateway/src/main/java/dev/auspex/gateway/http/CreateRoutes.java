package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.CancelAfter;
import dev.auspex.gateway.domain.Catalogue;
import dev.auspex.gateway.domain.FieldProblems;
import dev.auspex.gateway.domain.JobFactory;
import dev.auspex.gateway.domain.PredictionRequest;
import dev.auspex.gateway.domain.PredictionRequestReader;
import dev.auspex.gateway.domain.PublishedVersion;
import dev.auspex.gateway.domain.WaitPreference;
import dev.auspex.gateway.domain.WebhookRule;
import dev.auspex.gateway.kafka.SendResult;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.json.PredictionJson;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.runtime.config.Keys;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Creating predictions: everything is checked, one record is written to Kafka, and the answer is given when all replicas
 * have it.
 */
final class CreateRoutes {

    private static final String BY_VERSION = "/v1/predictions";
    private static final String BY_MODEL = "/v1/models/:owner/:name/predictions";

    private final GatewayParts parts;
    private final CreatedPredictions created;
    private final SyncWaits waits;
    private final PredictionRequestReader reader;
    private final JobFactory jobs;
    private final long bodyLimit;

    CreateRoutes(GatewayParts parts, CreatedPredictions created, SyncWaits waits) {
        this.parts = parts;
        this.created = created;
        this.waits = waits;
        this.reader = new PredictionRequestReader(new WebhookRule(parts.context().guard()));
        this.jobs = new JobFactory(parts.context().clock(), new SecureRandom(), parts.context().secret());
        this.bodyLimit = parts.context().settings().get(Keys.HTTP_BODY_LIMIT);
    }

    void mount(Router router) {
        router.post(BY_VERSION).handler(ctx -> BodyReader.read(ctx, bodyLimit, body -> byVersion(ctx, body)));
        router.post(BY_MODEL).handler(ctx -> BodyReader.read(ctx, bodyLimit, body -> byModel(ctx, body)));
    }

    private void byVersion(RoutingContext ctx, byte[] body) {
        Catalogue catalogue = parts.models();
        PredictionRequest request = reader.read(BodyReader.json(body), true);
        if (request.version() == null) {
            throw new IllegalStateException("a missing version was not reported");
        }
        create(ctx, request, catalogue.resolve(request.version()));
    }

    private void byModel(RoutingContext ctx, byte[] body) {
        Catalogue catalogue = parts.models();
        ModelName model = ModelRoutes.modelName(ctx);
        PublishedVersion latest = catalogue.latest(model).orElseThrow(ApiException::notFound);
        create(ctx, reader.read(BodyReader.json(body), false), latest);
    }

    private void create(RoutingContext ctx, PredictionRequest request, PublishedVersion version) {
        FieldProblems problems = new FieldProblems();
        version.schema().check(request.input(), problems);
        problems.throwIfAny();
        HttpServerRequest http = ctx.request();
        String cancelAfter = http.getHeader(CancelAfter.HEADER);
        Duration deadline = cancelAfter == null ? null : CancelAfter.parse(cancelAfter);
        WaitPreference wait = http.headers().contains("Prefer")
                ? WaitPreference.parse(http.headers().getAll("Prefer")).orElse(null)
                : null;
        long waitUntil = wait == null ? 0 : System.nanoTime() + wait.limit().toNanos();
        JobFactory.Wish wish =
                new JobFactory.Wish(request.input(), request.webhook(), deadline, http.getHeader("traceparent"));
        Job job = jobs.create(Caller.account(ctx), version, wish, parts.baseUrl().of(http));
        parts.sender()
                .send(parts.context().topics().jobs(job.hardware()), job.id().value(), Serdes.JOB.serialize(job))
                .onSuccess(result -> stored(ctx, job, result, wait, waitUntil));
    }

    private void stored(
            RoutingContext ctx, Job job, SendResult result, @Nullable WaitPreference wait, long waitUntil) {
        if (result != SendResult.STORED) {
            ctx.fail(refusal(result));
            return;
        }
        created.count(job.model());
        if (wait == null) {
            starting(ctx, job, 201);
            return;
        }
        ctx.response().putHeader("Preference-Applied", wait.applied());
        waits.terminal(ctx, job, waitUntil).onSuccess(done -> {
            if (done.isPresent()) {
                reply(ctx, job, 201, done.get());
            } else {
                // "starting" even if it runs by now: clients take any other status for the end.
                starting(ctx, job, 202);
            }
        });
    }

    private static void starting(RoutingContext ctx, Job job, int status) {
        reply(ctx, job, status, Buffer.buffer(PredictionJson.render(Prediction.starting(job))));
    }

    private static void reply(RoutingContext ctx, Job job, int status, Buffer body) {
        HttpServerResponse response = ctx.response();
        if (!response.closed() && !response.ended()) {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, Replies.JSON)
                    .putHeader(HttpHeaders.LOCATION, job.urls().get())
                    .end(body);
        }
    }

    /** What a client is told when a record was not stored. */
    static ApiException refusal(SendResult result) {
        return switch (result) {
            case STORED -> throw new IllegalArgumentException("a stored record is not refused");
            case TOO_LARGE -> new ApiException(
                    ApiError.BODY_TOO_LARGE, "The request does not fit into a record. Upload large files to /v1/files.");
            case OVERLOADED -> new ApiException(
                    ApiError.UNAVAILABLE, "Too many requests are being accepted at this moment. Try again.");
            case UNAVAILABLE -> new ApiException(
                    ApiError.UNAVAILABLE, "The request could not be stored in time. Try again.");
        };
    }
}
