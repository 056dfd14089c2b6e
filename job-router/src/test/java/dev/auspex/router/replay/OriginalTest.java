package dev.auspex.router.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.PredictionUrls;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.PredictionJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginalTest {

    private static final Instant CREATED = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void shouldFindTheSubmissionWhenTheSnapshotIsTheRouters() throws Exception {
        Prediction prediction = new Prediction(
                job(CREATED.plusSeconds(90)), PredictionStatus.FAILED,
                Json.tree(new String[] {"half", "a picture"}), "it broke ☃", "a log", CREATED, CREATED, Json.object(),
                List.of(), false);

        Original original = Original.read(PredictionJson.render(prediction));

        assertThat(original.model()).isEqualTo(ModelName.of("acme/painter"));
        assertThat(original.version()).isEqualTo(new VersionId("ab".repeat(32)));
        assertThat(original.input()).isEqualTo(Json.object().put("prompt", "a cat").set("deep", Json.object().put("n", 5)));
        assertThat(original.error()).isEqualTo("it broke ☃");
        assertThat(original.source()).isEqualTo("web");
        assertThat(original.dataRemoved()).isFalse();
        assertThat(original.patience()).isEqualTo(Duration.ofSeconds(90));
        assertThat(original.deployment()).isEqualTo(DeploymentName.of("acme/prod"));
    }

    @Test
    void shouldHaveNoErrorAndNoDeadlineWhenThereWereNone() throws Exception {
        Original original = Original.read(PredictionJson.render(Prediction.starting(job(null))));

        assertThat(original.error()).isNull();
        assertThat(original.patience()).isNull();
    }

    @Test
    void shouldSayThatTheDataIsGoneWhenItIs() throws Exception {
        String body = "{\"model\":\"a/b\",\"version\":\"" + "0".repeat(64) + "\",\"input\":null,\"data_removed\":true}";

        assertThat(Original.read(body.getBytes(StandardCharsets.UTF_8)).dataRemoved()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "[]", "{", "{}", "{\"model\":\"a/b\"}", "{\"model\":\"ab\",\"version\":\"x\",\"input\":{}}",
        "{\"model\":\"a/b\",\"version\":\"00\",\"input\":{}}", "{\"data_removed\":\"no\"}", "{\"input\":{\"a\":}}"})
    void shouldRefuseWhenItIsNoPrediction(String body) {
        assertThatThrownBy(() -> Original.read(body.getBytes(StandardCharsets.UTF_8))).isInstanceOf(IOException.class);
    }

    private static Job job(@Nullable Instant deadline) {
        PredictionId id = new PredictionId("01kdyak3see2pvzfhg7rstevqk");
        return new Job(
                id, new AccountId("acme"), ModelName.of("acme/painter"), new VersionId("ab".repeat(32)),
                new Runner.Builtin("painter"), new HardwareClass("cpu"),
                Json.object().put("prompt", "a cat").set("deep", Json.object().put("n", 5)), null, CREATED, deadline,
                "web", "http://x", PredictionUrls.of("http://x", id, null), 0, null, JobLimits.DEFAULT, null,
                DeploymentName.of("acme/prod"));
    }
}
