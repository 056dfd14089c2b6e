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
        PredictionPage page = PredictionPage.cut(array, 1, false);
        assertThat(PredictionPage.cut(array, 1, true).last()).as("cut short").isEqualTo(A);

        assertThat(page.last()).isNull();
        assertThat(new String(page.envelope(null), StandardCharsets.UTF_8))
                .isEqualTo("{\"next\":null,\"previous\":null,\"results\":[ {\"id\":\"" + A + "\", \"x\": 1.50} ]}");
    }

    @Test
    void shouldCutBehindTheLastThatFitsWhenThereAreMore() throws IOException {
        String first = "{\"input\":{\"id\":\"inner\",\"s\":\"]},{ü\"},\"id\":\"" + A + "\",\"output\":[{\"id\":\"x\"}]}";
        PredictionPage page = PredictionPage.cut(bytes("[" + first + " , {\"id\":\"" + B + "\"}]"), 1, false);

        assertThat(page.last()).isEqualTo(A);
        assertThat(new String(page.envelope("http://h/?cursor=c"), StandardCharsets.UTF_8))
                .isEqualTo("{\"next\":\"http://h/?cursor=c\",\"previous\":null,\"results\":[" + first + "]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[{\"id\":\"x\"},{}]", "[{\"id\":\"", "[{},{}]"})
    void shouldFailWhenItIsNoArrayOfPredictions(String array) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> PredictionPage.cut(bytes(array), 1, false));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
