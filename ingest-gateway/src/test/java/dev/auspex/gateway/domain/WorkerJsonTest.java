package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelPage;
import dev.auspex.protocol.catalog.ModelProfile;
import dev.auspex.protocol.catalog.ModelVersion;
import dev.auspex.protocol.catalog.Visibility;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.worker.WorkerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerJsonTest {

    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final AccountId ACME = new AccountId("acme");
    private static final AccountId RIVAL = new AccountId("rival");
    private static final Model FLUX = privateModel(ACME, "acme/flux", new Runner.CogDocker("registry.example/flux:1"));
    private static final Model SECRET = privateModel(RIVAL, "rival/secret-model", new Runner.CogUrl("http://cog.internal:5000"));
    private static final PredictionId OWN = PredictionId.create(NOW, new Random(1));
    private static final PredictionId FOREIGN = PredictionId.create(NOW, new Random(2));

    @Test
    void shouldShowDeviceSlotsModelsAndOwnJobsWhenAWorkerLives() {
        JsonNode worker = show(NOW.plusMillis(1250), List.of());

        assertThat(worker.path("state").asText()).isEqualTo("ready");
        assertThat(worker.path("heartbeat_age").asDouble()).isEqualTo(1.25);
        assertThat(worker.path("version").asText()).isEqualTo("1.2.3");
        JsonNode served = worker.at("/hardware/0");
        assertThat(served.path("sku").asText()).isEqualTo("gpu-h100");
        assertThat(served.at("/device/memory_bytes").asLong()).isEqualTo(80L << 30);
        assertThat(served.at("/device/models_bytes").asLong()).isEqualTo(256L << 20);
        assertThat(served.path("slots_total").asInt()).isEqualTo(3);
        assertThat(served.path("slots_busy").asInt()).isEqualTo(2);
        assertThat(served.at("/slots/0/job/prediction").asText()).isEqualTo(OWN.value());
        assertThat(served.at("/slots/0/models/0/name").asText()).isEqualTo("motion-video");
        assertThat(served.at("/slots/2/state").asText()).isEqualTo("free");
        assertThat(served.at("/slots/2/job").isNull()).isTrue();
    }

    @Test
    void shouldTellOnlyThatAndSinceWhenAJobIsAnotherAccounts() {
        JsonNode slot = show(NOW, List.of()).at("/hardware/0/slots/1");

        assertThat(slot.path("state").asText()).isEqualTo("busy");
        assertThat(slot.path("job").properties()).extracting(java.util.Map.Entry::getKey).containsExactly("since");
        assertThat(slot.toString()).doesNotContain(FOREIGN.value()).doesNotContain("rival").doesNotContain("secret-model");
    }

    @Test
    void shouldSayWhyOrThatItIsLostWhenAWorkerTakesNoJobs() {
        JsonNode stopping = show(NOW, List.of("no room"));
        assertThat(stopping.path("state").asText()).isEqualTo("not_ready");
        assertThat(stopping.path("problems")).singleElement().extracting(JsonNode::asText).isEqualTo("no room");
        assertThat(show(NOW.plus(WorkerStatus.LOST_AFTER), List.of()).path("state").asText()).isEqualTo("ready");
        assertThat(show(NOW.plus(WorkerStatus.LOST_AFTER).plus(Duration.ofMillis(1)), List.of()).path("state").asText())
                .isEqualTo("lost");
    }

    @Test
    void shouldNameTheModelsOfACogServerThatTheCallerCanSee() {
        JsonNode mine = show(NOW, List.of()).at("/cog_servers/0");

        assertThat(mine.path("models")).singleElement().satisfies(model -> {
            assertThat(model.path("name").asText()).isEqualTo("acme/flux");
            assertThat(model.path("version").asText()).isEqualTo(FLUX.latest().id().value());
        });
        assertThat(mine.path("kind").asText()).isEqualTo("cog-docker");
        assertThat(mine.path("state").asText()).isEqualTo("setup_failed");
        assertThat(mine.path("since").asText()).isEqualTo(NOW.toString());
        assertThat(mine.path("warm").asBoolean()).isTrue();
        assertThat(mine.path("gpu").asBoolean()).isTrue();
        assertThat(mine.path("predictions").asInt()).isEqualTo(2);
        assertThat(mine.path("problem").asText()).isEqualTo("no weights");
        assertThat(mine.path("image").isNull()).as("where it is").isTrue();
    }

    @Test
    void shouldTellNothingOfItsModelWhenACogServerIsAnotherAccounts() {
        JsonNode theirs = show(NOW, List.of()).at("/cog_servers/1");

        assertThat(theirs.path("models")).isEmpty();
        assertThat(theirs.path("state").asText()).isEqualTo("busy");
        assertThat(theirs.path("problem").isNull()).isTrue();
        assertThat(theirs.toString()).doesNotContain("secret").doesNotContain("cog.internal").doesNotContain("rival");
    }

    @Test
    void shouldTellWhereCogServersAreWhenAnAdministratorLooks() {
        JsonNode servers = show(NOW, List.of(), true).path("cog_servers");

        assertThat(servers.at("/0/image").asText()).isEqualTo("registry.example/flux:1");
        assertThat(servers.at("/1/url").asText()).isEqualTo("http://cog.internal:5000");
        assertThat(servers.at("/1/problem").asText()).isEqualTo("secret sorrow");
    }

    private static JsonNode show(Instant now, List<String> problems) {
        return show(now, problems, false);
    }

    private static Model privateModel(AccountId account, String name, Runner runner) {
        ModelVersion version =
                new ModelVersion(ModelVersion.idOf(ModelName.of(name), runner, Json.object()), NOW, runner, Json.object());
        return new Model(
                ModelName.of(name), "", List.of(new HardwareClass("gpu-h100")), NOW, List.of(version), JobLimits.DEFAULT,
                new ModelProfile(account, Visibility.PRIVATE, ModelPage.EMPTY, "change"));
    }

    private static JsonNode show(Instant now, List<String> problems, boolean admin) {
        WorkerStatus.Loaded model = new WorkerStatus.Loaded("motion-video", "ready", 1.5, 256L << 20, true);
        WorkerStatus.Running own = new WorkerStatus.Running(OWN, ACME, ModelName.of("acme/painter"), 0, NOW);
        WorkerStatus.Running foreign =
                new WorkerStatus.Running(FOREIGN, RIVAL, ModelName.of("rival/secret-model"), 0, NOW);
        WorkerStatus status = new WorkerStatus(
                new ExecutorId("executor-1"),
                "1.2.3",
                NOW,
                NOW,
                List.of(new WorkerStatus.Served(
                        new HardwareClass("gpu-h100"),
                        new WorkerStatus.Device("NVIDIA H100", 80L << 30),
                        List.of(
                                new WorkerStatus.Slot("gpu-h100-0", own, List.of(model), null),
                                new WorkerStatus.Slot("gpu-h100-1", foreign, List.of(), null),
                                new WorkerStatus.Slot("gpu-h100-2", null, List.of(), null)))),
                problems,
                List.of(
                        new WorkerStatus.CogServer(FLUX.latest().runner(), true, "setup_failed", NOW, true, 2, "no weights"),
                        new WorkerStatus.CogServer(SECRET.latest().runner(), false, "busy", NOW, false, 1, "secret sorrow")));
        VisibleModels models = Catalogue.of(List.of(FLUX, SECRET), Set.of(), Catalogue.EMPTY).seenBy(ACME);
        return WorkerJson.list(List.of(status), new WorkerJson.Viewer(models, admin), now).at("/results/0");
    }
}
