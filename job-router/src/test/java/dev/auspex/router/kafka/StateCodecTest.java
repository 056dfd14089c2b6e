package dev.auspex.router.kafka;

import static dev.auspex.router.Samples.CREATED;
import static dev.auspex.router.Samples.EVERYTHING;
import static dev.auspex.router.Samples.event;
import static dev.auspex.router.Samples.output;
import static dev.auspex.router.Samples.reported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.auspex.protocol.Attempt;
import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.HardwareClass;
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
import dev.auspex.router.domain.Round;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateCodecTest {

    private static final Job JOB = Samples.job(Samples.id(1), EVERYTHING);
    private static final String NONE = "ffffffff";
    private static final byte[] JOB_BYTES = Serdes.JOB.serialize(JOB);

    private static final Result RESULT = new Result(
            TextNode.valueOf("héllo"), "error", "one\ntwo\n", CREATED.plusNanos(1), CREATED.plusSeconds(3),
            Json.object().put("predict_time", 0.5));

    private static StateRecord full() {
        HardwareClass cpu = new HardwareClass("cpu");
        Attempts attempts = new Attempts(
                List.of(
                        new Attempt(
                                1, Samples.attempt(1), Samples.EXECUTOR, cpu, CREATED, CREATED.plusSeconds(1),
                                AttemptOutcome.LOST, "silent"),
                        new Attempt(2, Samples.attempt(2), null, cpu, null, null, AttemptOutcome.RUNNING, null)),
                Samples.attempt(2),
                new Attempts.Tally(2, 1, true, Samples.EXECUTOR));
        return new StateRecord(
                new PredictionState.Known(
                        JOB, PredictionStatus.FAILED, 7, attempts, RESULT, CREATED.plusMillis(5),
                        new Round(3, CREATED.plusSeconds(9)), true),
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
                JOB, PredictionStatus.STARTING, 0, Attempts.NONE, Result.NONE, null, new Round(0, null), false);

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
                JOB, PredictionStatus.PROCESSING, 1, Attempts.NONE, result, null, new Round(0, null), false);

        assertThat(StateCodec.decode(StateCodec.encode(new StateRecord(large, JOB_BYTES))).state()).isEqualTo(large);
    }

    /** Stores outlive releases: this form has to be readable for ever, and must not change without a new first byte. */
    @Test
    void shouldKeepItsFormWhenTheCodeChanges() {
        String golden = "024b03" + "01" + "0000000000000007"
                + "02"
                + "0000000000000001" + "0000001a" + hex(Samples.attempt(1).value()) + "00000008" + hex("worker-1")
                + "00000003" + hex("cpu") + time(0) + time(1) + "03" + "00000006" + hex("silent")
                + "0000000000000002" + "0000001a" + hex(Samples.attempt(2).value()) + NONE
                + "00000003" + hex("cpu") + NONE + NONE + "00" + NONE
                + "0000001a" + hex(Samples.attempt(2).value())
                + "0000000000000002" + "0000000000000001" + "01" + "00000008" + hex("worker-1")
                + result()
                + "004c4b40" + "%016x".formatted(CREATED.getEpochSecond())
                + "0000000000000003" + time(9)
                + "%08x".formatted(JOB_BYTES.length) + HexFormat.of().formatHex(JOB_BYTES);

        assertThat(HexFormat.of().formatHex(StateCodec.encode(full()))).isEqualTo(golden);
        assertThat(StateCodec.decode(HexFormat.of().parseHex(golden)).state()).isEqualTo(full().state());
    }

    @Test
    void shouldReadTheFirstFormWhenAnEarlierReleaseWroteIt() {
        String stored = "014b03" + "0000000000000007"
                + "0000001a" + hex(Samples.attempt(2).value()) + "00000008" + hex("worker-1") + "0000000000000002"
                + "01" + "0000001a" + hex(Samples.attempt(1).value())
                + result()
                + "004c4b40" + "%016x".formatted(CREATED.getEpochSecond())
                + "%08x".formatted(JOB_BYTES.length) + HexFormat.of().formatHex(JOB_BYTES);

        StateRecord read = StateCodec.decode(HexFormat.of().parseHex(stored));

        PredictionState.Known known = (PredictionState.Known) read.state();
        assertThat(known.status()).isEqualTo(PredictionStatus.FAILED);
        assertThat(known.sequence()).isEqualTo(7);
        assertThat(known.result()).isEqualTo(RESULT);
        assertThat(known.cancelRequestedAt()).isEqualTo(CREATED.plusMillis(5));
        assertThat(known.round()).isEqualTo(new Round(0, null));
        assertThat(known.attempts().current()).isEqualTo(Samples.attempt(2));
        assertThat(known.attempts().newest()).extracting(Attempt::id)
                .containsExactly(Samples.attempt(1), Samples.attempt(2));
        assertThat(known.attempts().newest().getLast()).isEqualTo(new Attempt(
                2, Samples.attempt(2), Samples.EXECUTOR, JOB.hardware(), RESULT.startedAt(), RESULT.completedAt(),
                AttemptOutcome.FAILED, "error"));
        assertThat(known.attempts().tally()).isEqualTo(new Attempts.Tally(2, 0, true, null));
        assertThat(read.job()).isEqualTo(JOB_BYTES);
    }

    @Test
    void shouldSeeFromTheBytesWhetherAnAttemptRuns() {
        PredictionState running = new PredictionState.Known(
                JOB, PredictionStatus.PROCESSING, 1, Attempts.NONE, Result.NONE, null, new Round(0, null), false);

        assertThat(StateCodec.isRunning(StateCodec.encode(new StateRecord(running, JOB_BYTES)))).isTrue();
        assertThat(StateCodec.isRunning(StateCodec.encode(full()))).isFalse();
    }

    private static String result() {
        return "00000008" + "2268c3a96c6c6f22"
                + "00000005" + hex("error")
                + "00000008" + hex("one\ntwo\n")
                + "00000001" + "%016x".formatted(CREATED.getEpochSecond())
                + time(3)
                + "00000014" + hex("{\"predict_time\":0.5}");
    }

    private static String time(int seconds) {
        return "00000000" + "%016x".formatted(CREATED.getEpochSecond() + seconds);
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
