package dev.auspex.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.replay.Replay;
import dev.auspex.protocol.replay.ReplayCounts;
import dev.auspex.protocol.replay.ReplayFilter;
import dev.auspex.protocol.replay.ReplayOverrides;
import dev.auspex.protocol.replay.ReplayPosition;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.protocol.replay.ReplaySpec;
import dev.auspex.protocol.replay.SkipReason;
import dev.auspex.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Values whose every field differs, and values with as little as possible. */
public final class Samples {

    public static final PredictionId ID = new PredictionId("01kdyak3see2pvzfhg7rstevqk");
    public static final PredictionId OTHER = new PredictionId("01kdyajzzzg5rvmxk5g0r8w4mt");
    public static final PredictionId REPLAY = new PredictionId("01kdyak3sf8qz5b7f8jkqws2bd");
    public static final AccountId ACCOUNT = new AccountId("acme");
    public static final AttemptId ATTEMPT = new AttemptId("01kdyak3seebxs40e4xg40cqmc");
    public static final ExecutorId EXECUTOR = new ExecutorId("gpu-box-1.4711");
    public static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    public static final Instant LATER = Instant.parse("2026-01-02T03:04:06.912345Z");

    private Samples() {}

    /** A job with everything. */
    public static Job fullJob() {
        return new Job(
                ID,
                ACCOUNT,
                ModelName.of("acme/painter"),
                new VersionId("ab".repeat(32)),
                new Runner.CogDocker("registry.example/flux@sha256:1"),
                new HardwareClass("gpu-h100"),
                object("{\"prompt\":\"a \\\"cat\\\" ☃ </script>\",\"n\":5,\"scale\":7.5,\"deep\":{\"list\":[1,null,true]}}"),
                new Webhook("https://hooks.example.test/x?y=1&z=2", List.of(WebhookEvent.COMPLETED, WebhookEvent.START)),
                TIME,
                Instant.parse("2026-01-02T03:09:05.678Z"),
                "web",
                "https://api.example.test",
                new PredictionUrls(
                        "https://api.example.test/p/" + ID,
                        "https://api.example.test/v1/predictions/" + ID,
                        "https://api.example.test/v1/predictions/" + ID + "/cancel",
                        "https://api.example.test/v1/streams/token"),
                2,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                new JobLimits(5, Duration.ofMinutes(10), Duration.ofSeconds(90), true),
                new ReplayOf(OTHER, REPLAY), null);
    }

    /** A job with as little as possible. */
    public static Job minimalJob() {
        return new Job(
                ID,
                ACCOUNT,
                ModelName.of("auspex/echo"),
                new VersionId("cd".repeat(32)),
                new Runner.Builtin("echo"),
                new HardwareClass("cpu"),
                Json.object(),
                null,
                TIME,
                null,
                "api",
                "http://127.0.0.1:8080",
                new PredictionUrls("http://w", "http://g", "http://c", null),
                0,
                null,
                JobLimits.DEFAULT,
                null,
                null);
    }

    /** Every kind of attempt. */
    public static List<Attempt> attempts() {
        HardwareClass gpu = new HardwareClass("gpu-h100");
        return List.of(
                new Attempt(1, ATTEMPT, EXECUTOR, gpu, TIME, LATER, AttemptOutcome.LOST, "silent \"☃\""),
                new Attempt(2, ATTEMPT, null, gpu, null, LATER, AttemptOutcome.RETURNED, null),
                new Attempt(3, ATTEMPT, EXECUTOR, gpu, TIME, null, AttemptOutcome.RUNNING, null));
    }

    /** What an executor says of a model. */
    public static ModelRegistration registration() {
        return new ModelRegistration(
                ModelName.of("acme/painter"),
                "Paints.",
                List.of(new HardwareClass("gpu-h100"), new HardwareClass("cpu")),
                new Runner.CogUrl("http://cog.example.test:5000"),
                object("{\"components\":{\"schemas\":{\"Input\":{\"type\":\"object\"},\"Output\":{\"type\":\"array\","
                        + "\"x-cog-array-type\":\"iterator\"}}}}"));
    }

    /** How a worker stands, with everything there can be. */
    public static WorkerStatus worker() {
        WorkerStatus.Running job = new WorkerStatus.Running(ID, ACCOUNT, ModelName.of("acme/painter"), 1, TIME);
        WorkerStatus.Loaded model = new WorkerStatus.Loaded("motion-video", "ready", 1.5, 268435456L, true);
        return new WorkerStatus(
                EXECUTOR,
                "1.2.3",
                TIME,
                LATER,
                List.of(new WorkerStatus.Served(
                        new HardwareClass("gpu-h100"),
                        new WorkerStatus.Device("NVIDIA H100 80GB HBM3", 85899345920L),
                        List.of(
                                new WorkerStatus.Slot("gpu-h100-0", job, List.of(model), null),
                                new WorkerStatus.Slot("gpu-h100-1", null, List.of(), "no room \"☃\"")))),
                List.of("starting"),
                List.of());
    }

    /** How a worker stands that has Cog servers. */
    public static WorkerStatus cogWorker() {
        return new WorkerStatus(
                EXECUTOR,
                null,
                TIME,
                LATER,
                List.of(),
                List.of(),
                List.of(
                        new WorkerStatus.CogServer(
                                new Runner.CogDocker("registry.example/painter:1"), true, "setup_failed", TIME, true, 2, "no \"☃\""),
                        new WorkerStatus.CogServer(
                                new Runner.CogUrl("http://cog.test:5000"), false, "ready", LATER, false, 0, null)));
    }

    /** A replay with every condition and override. */
    public static ReplayRequest fullReplay() {
        ReplayFilter filter = new ReplayFilter(
                List.of(PredictionStatus.FAILED, PredictionStatus.CANCELED),
                ModelName.of("acme/painter"),
                new VersionId("ef".repeat(32)),
                new HardwareClass("gpu-h100"),
                "Out of memory",
                List.of(ID),
                TIME,
                LATER);
        ReplayOverrides overrides =
                new ReplayOverrides(new VersionId("ab".repeat(32)), new HardwareClass("cpu"), false, null);
        return new ReplayRequest(
                REPLAY, ACCOUNT, new ReplaySpec(filter, overrides, 12.5, true), LATER, "https://api.example.test");
    }

    /** A replay that stands back. */
    public static ReplayRequest lowReplay() {
        ReplayRequest plain = minimalReplay();
        return new ReplayRequest(
                plain.id(), plain.account(),
                new ReplaySpec(plain.spec().filter(), new ReplayOverrides(null, null, null, Priority.LOW), null, false),
                plain.createdAt(), plain.baseUrl());
    }

    /** A replay that asks for nothing special. */
    public static ReplayRequest minimalReplay() {
        ReplayFilter filter = new ReplayFilter(List.of(), null, null, null, null, List.of(), null, null);
        return new ReplayRequest(
                REPLAY, ACCOUNT, new ReplaySpec(filter, ReplayOverrides.NONE, null, false), TIME,
                "http://127.0.0.1:8080");
    }

    /** A replay that ended before its time. */
    public static Replay failedReplay() {
        List<ReplayPosition> range = List.of(new ReplayPosition(0, 1, 1, 9, false), new ReplayPosition(1, 0, 0, 4, true));
        ReplayCounts counts = new ReplayCounts(
                9, 5, 2, Map.of(SkipReason.DATA_REMOVED, 1L, SkipReason.ALREADY_REPLAYED, 2L));
        return Replay.accepted(fullReplay())
                .begun(range, LATER)
                .advanced(counts, List.of(range.get(0).at(5), range.get(1).at(3)))
                .ended(PredictionStatus.FAILED, Instant.parse("2026-01-02T03:04:07Z"), "no");
    }

    /** A parsed object. */
    public static ObjectNode object(String json) {
        return (ObjectNode) node(json);
    }

    /** A parsed value. */
    public static JsonNode node(String json) {
        try {
            return Json.parse(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }
}
