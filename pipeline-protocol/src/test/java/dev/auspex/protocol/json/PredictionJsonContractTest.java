package dev.auspex.protocol.json;

import static dev.auspex.protocol.Samples.LATER;
import static dev.auspex.protocol.Samples.TIME;
import static dev.auspex.protocol.Samples.attempts;
import static dev.auspex.protocol.Samples.fullJob;
import static dev.auspex.protocol.Samples.minimalJob;
import static dev.auspex.protocol.Samples.node;
import static dev.auspex.protocol.Samples.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.GoldenFile;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.PredictionStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The body of GET and of every webhook. */
class PredictionJsonContractTest {

    private static final Prediction FULL = new Prediction(
            fullJob(),
            PredictionStatus.FAILED,
            node("[\"a/b\",{\"x\":1.0,\"y\":1e21,\"z\":0.0000001},12345678901234567890]"),
            "it broke:\n\"☃\"",
            "log 50%\n",
            TIME,
            LATER,
            object("{\"predict_time\":1.25,\"total_time\":2.0,\"output_token_count\":5}"),
            attempts(),
            true);

    @Test
    void shouldShowEverythingWhenThereIsEverything() {
        assertThat(text(FULL)).isEqualTo(GoldenFile.read("prediction-full.json"));
    }

    @Test
    void shouldShowWhatClientsNeedWhenThereIsLittle() {
        assertThat(text(Prediction.starting(minimalJob()))).isEqualTo(GoldenFile.read("prediction-minimal.json"));
    }

    @Test
    void shouldNeverShowAbortedWhenTheDeadlinePassed() {
        Prediction aborted = new Prediction(
                minimalJob(), PredictionStatus.ABORTED, null, null, "", null, LATER, Json.object(), List.of(), false);

        assertThat(text(aborted)).contains("\"status\":\"canceled\"");
    }

    @Test
    void shouldChangeNothingButTheStatusWhenTheOwnNameIsWanted() {
        Prediction aborted = new Prediction(
                fullJob(), PredictionStatus.ABORTED, node("{\"status\":\"canceled\"}"), "\"status\":\"canceled\" ☃", "☃", null,
                LATER, null, attempts(), false);
        String shown = text(aborted);
        int status = shown.indexOf("\"status\":\"canceled\",\"source\"");

        assertThat(new String(
                        PredictionJson.withOwnName(PredictionJson.render(aborted), PredictionStatus.ABORTED),
                        StandardCharsets.UTF_8))
                .isEqualTo(shown.substring(0, status) + shown.substring(status).replaceFirst("canceled", "aborted"));
        byte[] failed = PredictionJson.render(FULL);
        assertThat(PredictionJson.withOwnName(failed, PredictionStatus.FAILED)).isSameAs(failed);
    }

    @Test
    void shouldBeTheSameTextWhenAJavaScriptReceiverSerialisesItAgain() throws Exception {
        String again = NodeProcess.run(
                "process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0,'utf8'))))", text(FULL));

        assertThat(again).isEqualTo(text(FULL));
    }

    private static String text(Prediction prediction) {
        return new String(PredictionJson.render(prediction), StandardCharsets.UTF_8);
    }
}
