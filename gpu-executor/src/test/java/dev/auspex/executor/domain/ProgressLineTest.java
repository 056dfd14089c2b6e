package dev.auspex.executor.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {

    /** What the official clients look for: {@code /^\s*(\d+)%\s*\|.+?\|\s*(\d+)\/(\d+)/}. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.004, 0.07, 0.42, 0.999, 1, 7, -1, Double.NaN})
    void shouldBeReadableByClientsWhenAnyProgressIsReported(double fraction) {
        assertThat(ProgressLine.of(fraction)).matches("\\s*\\d+%\\s*\\|.+?\\|\\s*\\d+/\\d+");
    }

    @Test
    void shouldDrawABarWhenPartIsDone() {
        assertThat(ProgressLine.of(0.42)).isEqualTo(" 42%|████      | 42/100");
        assertThat(ProgressLine.of(1)).isEqualTo("100%|██████████| 100/100");
    }
}
