package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.CancelAfter;
import dev.auspex.gateway.domain.FieldProblems;
import dev.auspex.gateway.domain.IdempotencyKey;
import dev.auspex.gateway.domain.JobFactory;
import dev.auspex.gateway.domain.PredictionRequest;
import dev.auspex.gateway.domain.PredictionRequestReader;
import dev.auspex.gateway.domain.PriorityWish;
import dev.auspex.gateway.domain.PublishedVersion;
import dev.auspex.gateway.domain.RequestHash;
import dev.auspex.gateway.domain.WebhookRule;
import dev.auspex.gateway.kafka.SendResult;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Priority;
import dev.auspex.runtime.config.Keys;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * Creating predictions: everything is checked, one record is written to Kafka, and the answer is given when all replicas
 * have it.
 */
final class CreateRoutes {

    private static final String BY_VERSION = "/v1/predictions";
    private static final String BY_DEPLOYMENT = "/v1/deployments/:owner/:name/predictions";
    private static final String BY_MODEL = "/v1/models/:owner/:name/predictions";

    private final GatewayParts parts;
    private final CreatedPredictions created;
    private final SyncWaits waits;
    private final PredictionRequestReader reader;
    private final JobFactory jobs;
    private final KeyedCreates keyed;
    private final PlainCreates plain;
    private final QueueLimits queues;
    private final long bodyLimit;

    CreateRoutes(
            GatewayParts parts, KeyClaims claims, CreatedPredictions created, SyncWaits waits, QueueLimits queues) {
        this.parts = parts;
        this.created = created;
        this.waits = waits;
        this.reader = new PredictionRequestReader(new WebhookRule(parts.context().guard()));
        this.jobs = new JobFactory(parts.context().clock(), new SecureRandom(), parts.context().secret());
        this.keyed = new KeyedCreates(parts, claims);
        this.plain = new PlainCreates(parts);
        this.queues = queues;
        this.bodyLimit = parts.context().settings().get(Keys.HTTP_BODY_LIMIT);
    }

    void mount(Router router) {
        router.post(BY_VERSION).handler(ctx -> BodyReader.read(ctx, bodyLimit, body -> byVersion(ctx, body)));
        router.post(BY_MODEL).handler(ctx -> BodyReader.read(ctx, bodyLimit, body -> byModel(ctx, body)));
        router.post(BY_DEPLOYMENT).handler(ctx -> BodyReader.read(ctx, bodyLimit, body -> byDeployment(ctx, body)));
    }

    private void byVersion(RoutingContext ctx, byte[] body) {
        PredictionRequest request = reader.read(RequestCheck.json(ctx, body));
        if (request.version() == null) {
            throw new IllegalStateException("a missing version was not reported");
        }
        create(ctx, body, request, JobFactory.Target.of(parts.models(ctx).resolve(request.version())));
    }

    private void byModel(RoutingContext ctx, byte[] body) {
        PublishedVersion latest = parts.models(ctx).latest(ModelRoutes.modelName(ctx));
        create(ctx, body, reader.read(RequestCheck.json(ctx, body)), JobFactory.Target.of(latest));
    }

    private void byDeployment(RoutingContext ctx, byte[] body) {
        JobFactory.Target target = JobFactory.Target.of(DeploymentRoutes.find(parts, ctx), parts.models(ctx));
        create(ctx, body, reader.read(RequestCheck.json(ctx, body)), target);
    }

    private void create(RoutingContext ctx, byte[] body, PredictionRequest request, JobFactory.Target target) {
        FieldProblems problems = new FieldProblems();
        target.published().schema().check(request.input(), problems);
        problems.throwIfAny();
        HttpServerRequest http = ctx.request();
        String cancelAfter = http.getHeader(CancelAfter.HEADER);
        Duration deadline = cancelAfter == null ? null : CancelAfter.parse(cancelAfter);
        CreateReply reply = new CreateReply(ctx, waits);
        AccountId account = Caller.account(ctx);
        JobFactory.Wish wish = new JobFactory.Wish(
                request.input(), request.webhook(), deadline, http.getHeader("traceparent"), priority(http, account, target));
        JobFactory.Draft draft = jobs.draft(account, target, wish, parts.baseUrl().of(http));
        Optional<IdempotencyKey> key = http.headers().contains(IdempotencyKey.HEADER)
                ? IdempotencyKey.read(http.headers().getAll(IdempotencyKey.HEADER))
                : Optional.empty();
        PredictionId id = target.deployment() == null
                ? jobs.newId()
                : jobs.newId(target.deployment(), parts.context().topics());
        Future<Made> made = key.isEmpty()
                ? plain.make(ctx, new PlainCreates.Wish(account, body, id, draft))
                : keyed.make(ctx, new KeyedCreates.Wish(
                        account, key.get().claim(), RequestHash.of(http.path(), body), id, draft::job));
        made.onSuccess(answer -> reply(account, answer, reply)).onFailure(ctx::fail);
    }

    // A deployment's predictions stand in a row of their own.
    private Priority priority(HttpServerRequest http, AccountId account, JobFactory.Target target) {
        Priority wish = PriorityWish.read(http.getHeader(PriorityWish.HEADER), target.deployment());
        return wish == Priority.NORMAL && target.deployment() == null ? queues.next(account) : wish;
    }

    private void reply(AccountId account, Made made, CreateReply reply) {
        switch (made) {
            case Made.New(Job job) -> {
                created.count(job.model());
                reply.made(job);
            }
            case Made.Earlier earlier -> {
                created.repeated();
                reply.repeated(account, earlier);
            }
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
