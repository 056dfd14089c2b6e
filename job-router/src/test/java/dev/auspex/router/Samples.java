package dev.auspex.router;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionUrls;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.router.domain.PredictionInput;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Jobs, events and commands to test with. */
public final class Samples {

    public static final Instant CREATED = Instant.parse("2026-03-01T10:00:00Z");
    public static final AccountId ACCOUNT = new AccountId("acme");
    public static final ExecutorId EXECUTOR = new ExecutorId("worker-1");
    public static final Webhook EVERYTHING =
            new Webhook("https://example.com/hook", List.of(WebhookEvent.values()));

    private Samples() {}

    public static PredictionId id(int number) {
        return PredictionId.create(CREATED, new Random(number));
    }

    public static AttemptId attempt(int number) {
        return AttemptId.create(CREATED.plusMillis(number), new Random(number));
    }

    public static Job job(PredictionId id, @Nullable Webhook webhook) {
        return job(ACCOUNT, id, CREATED, webhook);
    }

    public static Job job(AccountId account, PredictionId id, Instant createdAt, @Nullable Webhook webhook) {
        String get = "http://127.0.0.1:8080/v1/predictions/" + id;
        return new Job(
                id,
                account,
                new ModelName("auspex", "echo"),
                new VersionId("0123456789abcdef".repeat(4)),
                new Runner.Builtin("echo"),
                new HardwareClass("cpu"),
                Json.object().put("text", "hello"),
                webhook,
                createdAt,
                null,
                "api",
                "http://127.0.0.1:8080",
                new PredictionUrls("http://127.0.0.1:8080/p/" + id, get, get + "/cancel", null),
                0,
                null,
                JobLimits.DEFAULT,
                null,
                null);
    }

    /** The same job through a deployment. */
    public static Job through(Job job, DeploymentName deployment) {
        return new Job(
                job.id(), job.account(), job.model(), job.version(), job.runner(), job.hardware(), job.input(),
                job.webhook(), job.createdAt(), job.deadline(), job.source(), job.baseUrl(), job.urls(), job.attempt(),
                job.traceparent(), job.limits(), job.replayOf(), deployment);
    }

    public static AttemptEvent event(PredictionId id, int attempt, long secondsAfter, AttemptEvent.Body body) {
        return new AttemptEvent(id, ACCOUNT, attempt(attempt), EXECUTOR, CREATED.plusSeconds(secondsAfter), body);
    }

    /** Of an attempt in a later round, by a worker with its own name. */
    public static AttemptEvent event(
            PredictionId id, int attempt, int worker, int round, long secondsAfter, AttemptEvent.Body body) {
        return new AttemptEvent(
                id, ACCOUNT, attempt(attempt), new ExecutorId("worker-" + worker), CREATED.plusSeconds(secondsAfter), body,
                round);
    }

    /** A job with limits. */
    public static Job limited(PredictionId id, @Nullable Instant deadline, JobLimits limits) {
        Job job = job(id, null);
        return new Job(
                job.id(), job.account(), job.model(), job.version(), job.runner(), job.hardware(), job.input(),
                job.webhook(), id.createdAt(), deadline, job.source(), job.baseUrl(), job.urls(), 0, null, limits, null, null);
    }

    /** A failure that is the platform's. */
    public static AttemptEvent.Failed brokenDown(@Nullable Instant startedAt, String error) {
        return new AttemptEvent.Failed(error, null, "", Json.object(), startedAt, true, false);
    }

    /** A failure that its worker did not survive. */
    public static AttemptEvent.Failed workerLost(@Nullable Instant startedAt, String error) {
        return new AttemptEvent.Failed(error, null, "", Json.object(), startedAt, true, true);
    }

    public static AttemptEvent.OutputAppended output(int index, String... chunks) {
        return new AttemptEvent.OutputAppended(
                index, Arrays.stream(chunks).map(chunk -> (JsonNode) TextNode.valueOf(chunk)).toList());
    }

    public static AttemptEvent.Succeeded succeeded(@Nullable Instant startedAt, String output) {
        return new AttemptEvent.Succeeded(
                TextNode.valueOf(output), "done\n", Json.object().put("predict_time", 1.5), startedAt);
    }

    public static AttemptEvent.Failed failed(@Nullable Instant startedAt, String error) {
        return new AttemptEvent.Failed(error, null, "", Json.object().put("predict_time", 0.25), startedAt, false, false);
    }

    public static AttemptEvent.Canceled canceled(@Nullable Instant startedAt) {
        return new AttemptEvent.Canceled(null, "", Json.object().put("predict_time", 0.5), startedAt);
    }

    public static PredictionInput reported(AttemptEvent event) {
        return new PredictionInput.AttemptReported(event);
    }
}
