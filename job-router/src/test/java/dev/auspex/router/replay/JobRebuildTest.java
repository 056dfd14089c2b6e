package dev.auspex.router.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelChange;
import dev.auspex.protocol.catalog.Visibility;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.replay.ReplayFilter;
import dev.auspex.protocol.replay.ReplayOverrides;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.protocol.replay.ReplaySpec;
import dev.auspex.protocol.replay.SkipReason;
import dev.auspex.protocol.topic.SnapshotHeaders;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.security.MasterSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobRebuildTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final AccountId ACME = new AccountId("acme");
    private static final AccountId OTHER = new AccountId("other");
    private static final PredictionId ID = new PredictionId("01kdyak3see2pvzfhg7rstevqk");
    private static final HardwareClass CPU = new HardwareClass("cpu");
    private static final Topics TOPICS =
            new Topics(new TopicSettings("test.", 12, (short) 1, Duration.ofDays(7), List.of(CPU)));

    @Test
    void shouldSkipWhenTheModelHasBecomeSomebodyElsesPrivateOne() {
        assertThat(rebuilt(OTHER, model(Visibility.PRIVATE)))
                .isInstanceOfSatisfying(Verdict.Skipped.class, skipped ->
                        assertThat(skipped.reason()).isEqualTo(SkipReason.MODEL_UNKNOWN));
        assertThat(rebuilt(OTHER, model(Visibility.PUBLIC))).isInstanceOf(Verdict.Taken.class);
        assertThat(rebuilt(ACME, model(Visibility.PRIVATE))).isInstanceOf(Verdict.Taken.class);
    }

    @Test
    void shouldComputeTheSameIdInTheDeploymentsPartitionWhetherItIsThereOrNot() {
        for (int number = 0; number < 40; number++) {
            DeploymentName name = new DeploymentName(ACME, "d" + number);
            PredictionId there = submitted(name, true).job().id();

            assertThat(TOPICS.partitionOf(there)).isEqualTo(TOPICS.partitionOf(name.toString()));
            assertThat(submitted(name, false).job().id()).isEqualTo(there);
            assertThat(submitted(name, true).queue()).isEqualTo(TOPICS.heldJobs());
            assertThat(submitted(name, false).queue()).isEqualTo(TOPICS.retries(CPU));
        }
    }

    private static Verdict.Taken submitted(DeploymentName deployment, boolean exists) {
        return (Verdict.Taken) rebuilt(ACME, model(Visibility.PUBLIC), deployment, exists);
    }

    private static Model model(Visibility visibility) {
        ModelChange change = new ModelChange(
                null, visibility, List.of(CPU), null, new ModelChange.Version(new Runner.Builtin("painter"), Json.object()));
        return Model.after(ModelName.of("acme/painter"), null, new Model.Order(ACME, change, "c", NOW)).orElseThrow();
    }

    private static Verdict rebuilt(AccountId account, Model model) {
        return rebuilt(account, model, null, false);
    }

    private static Verdict rebuilt(
            AccountId account, Model model, @Nullable DeploymentName deployment, boolean exists) {
        ReplayFilter filter =
                new ReplayFilter(List.of(PredictionStatus.FAILED), null, null, null, null, List.of(ID), null, null);
        ReplayRequest request = new ReplayRequest(
                ID, account, new ReplaySpec(filter, ReplayOverrides.NONE, null, false), NOW, "http://new.test");
        JobRebuild rebuild = new JobRebuild(
                request, new OneModel(model, exists), TOPICS,
                new MasterSecret(new Secret("0123456789abcdef0123456789abcdef")));
        SnapshotHeaders headers = new SnapshotHeaders(
                account, 1, WebhookEvent.COMPLETED, PredictionStatus.FAILED, new AttemptId("00000000000000000001"), null, CPU,
                null);
        Original original = new Original(
                model.name(), model.latest().id(), Json.object(), "it broke", "api", false, null, deployment);
        return rebuild.rebuild(new Candidate(ID, headers, now -> original), original, NOW);
    }

    /** A catalogue with one model, and any deployment or none. */
    private record OneModel(Model model, boolean hasDeployments) implements Catalogue {

        @Override
        public Optional<Model> find(ModelName name) {
            return Optional.of(model);
        }

        @Override
        public boolean has(DeploymentName name) {
            return hasDeployments;
        }
    }
}
