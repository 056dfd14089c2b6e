package dev.auspex.protocol.json;

import static dev.auspex.protocol.Samples.ACCOUNT;
import static dev.auspex.protocol.Samples.ATTEMPT;
import static dev.auspex.protocol.Samples.EXECUTOR;
import static dev.auspex.protocol.Samples.ID;
import static dev.auspex.protocol.Samples.LATER;
import static dev.auspex.protocol.Samples.REPLAY;
import static dev.auspex.protocol.Samples.TIME;
import static dev.auspex.protocol.Samples.attempts;
import static dev.auspex.protocol.Samples.cogWorker;
import static dev.auspex.protocol.Samples.failedReplay;
import static dev.auspex.protocol.Samples.fullJob;
import static dev.auspex.protocol.Samples.fullReplay;
import static dev.auspex.protocol.Samples.lowReplay;
import static dev.auspex.protocol.Samples.minimalJob;
import static dev.auspex.protocol.Samples.minimalReplay;
import static dev.auspex.protocol.Samples.node;
import static dev.auspex.protocol.Samples.object;
import static dev.auspex.protocol.Samples.registration;
import static dev.auspex.protocol.Samples.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.GoldenFile;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.Priority;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.access.AccessRecord;
import dev.auspex.protocol.access.AccountLimits;
import dev.auspex.protocol.access.Scope;
import dev.auspex.protocol.access.TokenId;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.catalog.DeploymentChange;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelChange;
import dev.auspex.protocol.catalog.ModelPage;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.catalog.Visibility;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.replay.Replay;
import dev.auspex.protocol.replay.ReplayRecord;
import dev.auspex.protocol.usage.AttemptUsage;
import dev.auspex.protocol.usage.Money;
import dev.auspex.protocol.worker.WorkerStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in Kafka stays readable: one sample with everything and one with as little as possible per type. */
class RecordsContractTest {

    private static final TokenId TOKEN = new TokenId("tok_abcdefghij2345672345");
    private static final DeploymentName DEPLOYMENT = new DeploymentName(ACCOUNT, "prod-painter");

    static Stream<Arguments> records() {
        Model model = Model.first(registration(), TIME);
        ModelRegistration newer = new ModelRegistration(
                registration().name(), "Paints better.", List.of(new HardwareClass("gpu-l40s")),
                registration().runner(), object("{}"), new JobLimits(1, null, Duration.ofHours(2), false));
        return Stream.of(
                Arguments.of("job-full.json", Serdes.JOB, fullJob()),
                Arguments.of("job-minimal.json", Serdes.JOB, minimalJob()),
                event("event-redelivered.json", new AttemptEvent.Redelivered(2)),
                Arguments.of("event-redelivered-retry.json", Serdes.EVENT, AttemptEvent.of(
                        fullJob(), ATTEMPT, EXECUTOR, TIME, new AttemptEvent.Redelivered(3))),
                event("event-returned.json", new AttemptEvent.Returned()),
                event("event-started.json", new AttemptEvent.Started()),
                event("event-renewed.json", new AttemptEvent.Renewed()),
                event("event-output-appended.json", new AttemptEvent.OutputAppended(
                        3, List.of(node("\"a ☃\""), node("{\"b\":1}"), node("2.5")))),
                event("event-logs-appended.json", new AttemptEvent.LogsAppended(17, "50%|…| 1/2\n")),
                event("event-progressed.json", new AttemptEvent.Progressed(0.25)),
                event("event-succeeded-full.json", new AttemptEvent.Succeeded(
                        node("[\"a\",\"b\"]"), "log\n", object("{\"predict_time\":1.25,\"tokens\":5}"), LATER)),
                event("event-succeeded-minimal.json", new AttemptEvent.Succeeded(null, "", object("{}"), null)),
                event("event-failed-full.json", new AttemptEvent.Failed(
                        "out of memory", node("[\"a\"]"), "log\n", object("{\"predict_time\":1.25}"), LATER, true, true)),
                event("event-failed-minimal.json", new AttemptEvent.Failed(
                        "boom", null, "", object("{}"), null, false, false)),
                event("event-canceled-full.json", new AttemptEvent.Canceled(
                        node("\"half\""), "log\n", object("{\"predict_time\":1.25}"), LATER)),
                event("event-canceled-minimal.json", new AttemptEvent.Canceled(null, "", object("{}"), null)),
                Arguments.of("command-cancel-prediction.json", Serdes.COMMAND,
                        new Command.CancelPrediction(ID, ACCOUNT, TIME)),
                Arguments.of("command-register-model.json", Serdes.COMMAND, new Command.RegisterModel(registration())),
                Arguments.of("dead-job-full.json", Serdes.DEAD_JOB,
                        new DeadJob(fullJob(), "two workers were lost", attempts(), LATER)),
                Arguments.of("dead-job-minimal.json", Serdes.DEAD_JOB, new DeadJob(minimalJob(), "why", List.of(), TIME)),
                Arguments.of("command-claim-key.json", Serdes.COMMAND, new Command.ClaimKey(
                        ClaimId.of("key", "k-1"), ACCOUNT, ID, "ef".repeat(32), TIME, LATER)),
                Arguments.of("job-low.json", Serdes.JOB, minimalJob().with(Priority.LOW)),
                Arguments.of("job-suspect.json", Serdes.JOB, minimalJob().asSuspect()),
                Arguments.of("job-deployed.json", Serdes.JOB, deployedJob()),
                Arguments.of("command-release-deployment-full.json", Serdes.COMMAND,
                        new Command.ReleaseDeployment(DEPLOYMENT, change(), "c-1", TIME)),
                Arguments.of("command-release-deployment-minimal.json", Serdes.COMMAND, new Command.ReleaseDeployment(
                        DEPLOYMENT, new DeploymentChange(null, null, null, null, 2), "c-2", TIME)),
                Arguments.of("command-delete-deployment.json", Serdes.COMMAND,
                        new Command.DeleteDeployment(DEPLOYMENT, TIME)),
                Arguments.of("deployment.json", Serdes.DEPLOYMENT,
                        Deployment.after(DEPLOYMENT, null, change(), "c-1", TIME).orElseThrow()),
                Arguments.of("replay-requested-full.json", Serdes.REPLAY, new ReplayRecord.Requested(fullReplay())),
                Arguments.of("replay-requested-low.json", Serdes.REPLAY, new ReplayRecord.Requested(lowReplay())),
                Arguments.of("replay-requested-minimal.json", Serdes.REPLAY, new ReplayRecord.Requested(minimalReplay())),
                Arguments.of("replay-cancel-requested.json", Serdes.REPLAY,
                        new ReplayRecord.CancelRequested(REPLAY, ACCOUNT, TIME)),
                Arguments.of("replay-progressed-full.json", Serdes.REPLAY, new ReplayRecord.Progressed(failedReplay())),
                Arguments.of("replay-progressed-minimal.json", Serdes.REPLAY,
                        new ReplayRecord.Progressed(Replay.accepted(minimalReplay()))),
                Arguments.of("command-change-model-full.json", Serdes.COMMAND,
                        new Command.ChangeModel(model.name(), ACCOUNT, fullModelChange(), "c-3", TIME)),
                Arguments.of("command-change-model-minimal.json", Serdes.COMMAND, new Command.ChangeModel(
                        model.name(), ACCOUNT, new ModelChange(null, Visibility.PUBLIC, null, null, null), "c-4", TIME)),
                Arguments.of("command-delete-version.json", Serdes.COMMAND, new Command.DeleteVersion(
                        model.name(), model.latest().id(), ACCOUNT, "c-5", TIME)),
                Arguments.of("command-delete-model.json", Serdes.COMMAND,
                        new Command.DeleteModel(model.name(), ACCOUNT, TIME)),
                Arguments.of("model-profiled.json", Serdes.MODEL, Model.after(
                        model.name(), null, new Model.Order(ACCOUNT, fullModelChange(), "c-3", TIME)).orElseThrow()),
                Arguments.of("usage-full.json", Serdes.USAGE, usage(LATER, AttemptOutcome.SUCCEEDED)),
                Arguments.of("usage-minimal.json", Serdes.USAGE, usage(null, AttemptOutcome.LOST)),
                Arguments.of("access-account-full.json", Serdes.ACCESS,
                        new AccessRecord.Account(ACCOUNT, new AccountLimits(600, 60_000, 3_000, 100), TIME)),
                Arguments.of("access-account-minimal.json", Serdes.ACCESS,
                        new AccessRecord.Account(ACCOUNT, AccountLimits.NONE, TIME)),
                Arguments.of("access-token-full.json", Serdes.ACCESS, new AccessRecord.Token(
                        TOKEN, ACCOUNT, "ef".repeat(32), Set.of(Scope.ADMIN, Scope.FILES, Scope.PREDICTIONS_READ),
                        "of the build server", new AccessRecord.Life(TIME, LATER, LATER))),
                Arguments.of("access-token-minimal.json", Serdes.ACCESS, new AccessRecord.Token(
                        TOKEN, ACCOUNT, "ef".repeat(32), Set.of(), "", new AccessRecord.Life(TIME, null, null))),
                Arguments.of("access-token-used.json", Serdes.ACCESS,
                        new AccessRecord.TokenUsed(TOKEN, LocalDate.parse("2026-01-02"))),
                Arguments.of("worker-full.json", Serdes.WORKER, worker()),
                Arguments.of("worker-minimal.json", Serdes.WORKER,
                        new WorkerStatus(EXECUTOR, null, TIME, LATER, List.of(), List.of(), List.of())),
                Arguments.of("worker-cog.json", Serdes.WORKER, cogWorker()),
                Arguments.of("model-minimal.json", Serdes.MODEL, model),
                Arguments.of("model-full.json", Serdes.MODEL, model.with(newer, LATER)));
    }

    private static ModelChange fullModelChange() {
        return new ModelChange(
                "Paints.",
                Visibility.PRIVATE,
                List.of(new HardwareClass("gpu-h100"), new HardwareClass("cpu")),
                new ModelPage("# Paints", "https://a.test/code", "https://a.test/paper", "https://a.test/license",
                        "https://a.test/weights", "https://a.test/cover.png", Json.object().put("id", ID.value())),
                new ModelChange.Version(new Runner.CogDocker("registry.example/painter:1"), Json.object().put("openapi", "3.0.2")));
    }

    private static AttemptUsage usage(@Nullable Instant startedAt, AttemptOutcome outcome) {
        return new AttemptUsage(
                ACCOUNT, ID, minimalJob().model(), minimalJob().version(),
                new AttemptUsage.Run(
                        ATTEMPT, new HardwareClass("gpu-h100"), startedAt, LATER.plusMillis(1500), outcome),
                AttemptUsage.Charge.of(
                        startedAt == null ? Duration.ZERO : Duration.ofMillis(1250), Money.of("0.0015250")));
    }

    private static Job deployedJob() {
        Job job = minimalJob();
        return new Job(
                job.id(), job.account(), job.model(), job.version(), job.runner(), job.hardware(), job.input(),
                job.webhook(), job.createdAt(), job.deadline(), job.source(), job.baseUrl(), job.urls(), job.attempt(),
                job.traceparent(), job.limits(), job.replayOf(), DEPLOYMENT);
    }

    private static DeploymentChange change() {
        return new DeploymentChange(
                registration().name(), new VersionId("ab".repeat(32)), new HardwareClass("gpu-h100"), 1, 4);
    }

    private static Arguments event(String file, AttemptEvent.Body body) {
        return Arguments.of(file, Serdes.EVENT, new AttemptEvent(ID, ACCOUNT, ATTEMPT, EXECUTOR, TIME, body));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    <T> void shouldKeepItsShapeWhenWritten(String file, JsonSerde<T> serde, T value) {
        assertThat(new String(serde.serialize(value), StandardCharsets.UTF_8)).isEqualTo(GoldenFile.read(file));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    <T> void shouldBeReadableWhenWrittenByAnEarlierRelease(String file, JsonSerde<T> serde, T value) {
        assertThat(serde.deserialize(bytes(GoldenFile.read(file)))).isEqualTo(value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    <T> void shouldBeReadableWhenALaterReleaseAddedFields(String file, JsonSerde<T> serde, T value) {
        String grown = GoldenFile.read(file).replaceFirst("}$", ",\"added_later\":{\"x\":[1]}}");

        assertThat(serde.deserialize(bytes(grown))).isEqualTo(value);
    }

    @Test
    void shouldHaveASampleWhenATypeExists() {
        Set<Class<?>> sampled = records().map(sample -> sample.get()[2])
                .map(value -> value instanceof AttemptEvent event ? event.body().getClass() : value.getClass())
                .collect(Collectors.toSet());

        assertThat(sampled).containsAll(leaves(AttemptEvent.Body.class).toList());
        assertThat(sampled).containsAll(leaves(Command.class).toList());
        assertThat(sampled).containsAll(leaves(ReplayRecord.class).toList());
        assertThat(sampled).containsAll(leaves(AccessRecord.class).toList());
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(RecordsContractTest::leaves)
                : Stream.of(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{}{}", "{\"body\":{\"type\":\"exploded\"}}", "{\"prediction\":\"x\"}"})
    void shouldRefuseWithoutRepeatingTheContentWhenItIsNoRecord(String text) {
        assertThatThrownBy(() -> {
            AttemptEvent event = Serdes.EVENT.deserialize(bytes(text));
            assertThat(event).as("null is not an event").isNotNull();
        }).satisfiesAnyOf(
                e -> assertThat(e).isInstanceOf(SerializationException.class).hasMessage("not a valid AttemptEvent record"),
                e -> assertThat(e).isInstanceOf(AssertionError.class));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
