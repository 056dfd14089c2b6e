package dev.auspex.executor.models.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Characters and stop strings that come in pieces, and choosing by chance. */
class TextStreamTest {

    @Test
    void shouldHoldBytesBackUntilTheyMakeACharacter() {
        TextStream stream = new TextStream(List.of());
        byte[] smile = "a😀".getBytes(StandardCharsets.UTF_8);

        assertThat(stream.add(new byte[] {smile[0], smile[1]})).isEqualTo("a");
        assertThat(stream.add(new byte[] {smile[2], smile[3]})).isEmpty();
        assertThat(stream.add(new byte[] {smile[4]})).isEqualTo("😀");
        assertThat(stream.add(new byte[] {(byte) 0xc3})).isEmpty();
        assertThat(stream.finish()).isEqualTo("\ufffd");
    }

    @Test
    void shouldEndBeforeAStopStringWhenItComesInPieces() {
        TextStream stream = new TextStream(List.of("END", "stop"));

        assertThat(stream.add("one E".getBytes(StandardCharsets.UTF_8))).isEqualTo("one ");
        assertThat(stream.add("N".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(stream.add("X s".getBytes(StandardCharsets.UTF_8))).isEqualTo("ENX ");
        assertThat(stream.stopped()).isFalse();
        assertThat(stream.add("topped".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(stream.stopped()).isTrue();
        assertThat(stream.finish()).isEmpty();
    }

    @Test
    void shouldTakeTheMostLikelyWhenColdAndFollowTheSharesWhenNot() {
        float[] logits = {0, (float) Math.log(3), -50, (float) Math.log(6)};

        assertThat(new Sampler(0, 1, 1).choose(logits)).isEqualTo(3);
        int[] counts = new int[4];
        Sampler whole = new Sampler(1, 1, 5);
        Sampler top = new Sampler(1, 0.85, 5);
        for (int i = 0; i < 10_000; i++) {
            counts[whole.choose(logits)]++;
            assertThat(top.choose(logits)).isIn(1, 3);
        }
        assertThat(counts[0]).isBetween(850, 1150);
        assertThat(counts[1]).isBetween(2800, 3200);
        assertThat(counts[2]).isZero();
    }
}
