package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.worker.WorkerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WorkerJsonTest {

    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final AccountId ACME = new AccountId("acme");
    private static final AccountId RIVAL = new AccountId("rival");
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

    private static JsonNode show(Instant now, List<String> problems) {
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
                problems);
        return WorkerJson.list(List.of(status), ACME, now).at("/results/0");
    }
}
