package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.auspex.protocol.PredictionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionPageTest {

    private static final PredictionId A = PredictionId.create(Instant.EPOCH, new Random(1));
    private static final PredictionId B = PredictionId.create(Instant.EPOCH, new Random(2));

    @Test
    void shouldKeepTheBytesAndHaveNoNextWhenEverythingFits() throws IOException {
        byte[] array = bytes("[ {\"id\":\"" + A + "\", \"x\": 1.50} ]");
        PredictionPage page = PredictionPage.cut(array, 1, false, false);
        assertThat(PredictionPage.cut(array, 1, true, false).hasMore()).as("cut short").isTrue();

        assertThat(page.hasMore()).isFalse();
        assertThat(page.first()).isEqualTo(A);
        assertThat(page.last()).isEqualTo(A);
        assertThat(new String(page.envelope(null, null), StandardCharsets.UTF_8))
                .isEqualTo("{\"next\":null,\"previous\":null,\"results\":[{\"id\":\"" + A + "\", \"x\": 1.50}]}");
    }

    @Test
    void shouldCutBehindTheLastThatFitsWhenThereAreMore() throws IOException {
        String first = "{\"input\":{\"id\":\"inner\",\"s\":\"]},{ü\"},\"id\":\"" + A + "\",\"output\":[{\"id\":\"x\"}]}";
        PredictionPage page = PredictionPage.cut(bytes("[" + first + " , {\"id\":\"" + B + "\"}]"), 1, false, false);

        assertThat(page.hasMore()).isTrue();
        assertThat(page.last()).isEqualTo(A);
        assertThat(new String(page.envelope("http://h/?cursor=c", null), StandardCharsets.UTF_8))
                .isEqualTo("{\"next\":\"http://h/?cursor=c\",\"previous\":null,\"results\":[" + first + "]}");
    }

    @Test
    void shouldTurnItRoundWhenItWasReadBackwards() throws IOException {
        byte[] array = bytes("[{\"id\":\"" + A + "\"},{\"id\":\"" + B + "\"},{\"id\":\"" + A + "\"}]");
        PredictionPage page = PredictionPage.cut(array, 2, false, true);

        assertThat(page.first()).isEqualTo(B);
        assertThat(page.last()).isEqualTo(A);
        assertThat(page.hasMore()).isTrue();
        assertThat(new String(page.envelope(null, "http://h/?cursor=c"), StandardCharsets.UTF_8)).isEqualTo(
                "{\"next\":null,\"previous\":\"http://h/?cursor=c\",\"results\":[{\"id\":\"" + B + "\"},{\"id\":\"" + A
                        + "\"}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[{\"id\":\"x\"},{}]", "[{\"id\":\"", "[{},{}]"})
    void shouldFailWhenItIsNoArrayOfPredictions(String array) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> PredictionPage.cut(bytes(array), 1, false, false));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
