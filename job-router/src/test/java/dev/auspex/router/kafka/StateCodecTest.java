package dev.auspex.router.kafka;

import static dev.auspex.router.Samples.CREATED;
import static dev.auspex.router.Samples.EVERYTHING;
import static dev.auspex.router.Samples.event;
import static dev.auspex.router.Samples.output;
import static dev.auspex.router.Samples.reported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Attempts;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.domain.Result;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateCodecTest {

    private static final Job JOB = Samples.job(Samples.id(1), EVERYTHING);
    private static final byte[] JOB_BYTES = Serdes.JOB.serialize(JOB);

    private static StateRecord full() {
        Attempts attempts = new Attempts(
                Samples.attempt(2), Samples.EXECUTOR, 2, List.of(Samples.attempt(1)));
        Result result = new Result(
                TextNode.valueOf("héllo"), "error", "one\ntwo\n", CREATED.plusNanos(1), CREATED.plusSeconds(3),
                Json.object().put("predict_time", 0.5));
        return new StateRecord(
                new PredictionState.Known(JOB, PredictionStatus.FAILED, 7, attempts, result, CREATED.plusMillis(5)),
                JOB_BYTES);
    }

    @Test
    void shouldReadWhatItWroteWhenEveryFieldIsSet() {
        byte[] stored = StateCodec.encode(full());

        assertThat(StateCodec.isKnown(stored)).isTrue();
        StateRecord read = StateCodec.decode(stored);
        assertThat(read.state()).isEqualTo(full().state());
        assertThat(read.job()).isEqualTo(JOB_BYTES);
    }

    @Test
    void shouldReadWhatItWroteWhenNothingHappenedYet() {
        PredictionState created = new PredictionState.Known(
                JOB, PredictionStatus.STARTING, 0, Attempts.NONE, Result.NONE, null);

        assertThat(StateCodec.decode(StateCodec.encode(new StateRecord(created, JOB_BYTES))).state())
                .isEqualTo(created);
    }

    @Test
    void shouldReadWhatItWroteWhenTheJobIsNotKnown() {
        PredictionState unseen = new PredictionState.Unseen(List.of(
                reported(event(Samples.id(1), 1, 2, new AttemptEvent.Started())),
                reported(event(Samples.id(1), 1, 3, output(0, "a", "b"))),
                new PredictionInput.CancelRequested(CREATED.plusNanos(17))));
        byte[] stored = StateCodec.encode(new StateRecord(unseen, null));

        assertThat(StateCodec.isKnown(stored)).isFalse();
        assertThat(StateCodec.decode(stored).state()).isEqualTo(unseen);
    }

    @Test
    void shouldKeepLargeStatesWhenTheyOutgrowTheFirstBuffer() {
        Result result = new Result(TextNode.valueOf("x".repeat(300_000)), null, "y".repeat(50_000), null, null, null);
        PredictionState large = new PredictionState.Known(
                JOB, PredictionStatus.PROCESSING, 1, Attempts.NONE, result, null);

        assertThat(StateCodec.decode(StateCodec.encode(new StateRecord(large, JOB_BYTES))).state()).isEqualTo(large);
    }

    /** Stores outlive releases: this form has to be readable for ever, and must not change without a new first byte. */
    @Test
    void shouldKeepItsFormWhenTheCodeChanges() {
        String golden = "014b03" + "0000000000000007"
                + "0000001a" + hex(Samples.attempt(2).value()) + "00000008" + hex("worker-1") + "0000000000000002"
                + "01" + "0000001a" + hex(Samples.attempt(1).value())
                + "00000008" + "2268c3a96c6c6f22"
                + "00000005" + hex("error")
                + "00000008" + hex("one\ntwo\n")
                + "00000001" + "%016x".formatted(CREATED.getEpochSecond())
                + "00000000" + "%016x".formatted(CREATED.getEpochSecond() + 3)
                + "00000014" + hex("{\"predict_time\":0.5}")
                + "004c4b40" + "%016x".formatted(CREATED.getEpochSecond())
                + "%08x".formatted(JOB_BYTES.length) + HexFormat.of().formatHex(JOB_BYTES);

        assertThat(HexFormat.of().formatHex(StateCodec.encode(full()))).isEqualTo(golden);
        assertThat(StateCodec.decode(HexFormat.of().parseHex(golden)).state()).isEqualTo(full().state());
    }

    @Test
    void shouldRefuseAFormItDoesNotKnow() {
        assertThatThrownBy(() -> StateCodec.decode(new byte[] {9, 'K', 0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("newer version");
    }

    private static String hex(String ascii) {
        return HexFormat.of().formatHex(ascii.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
