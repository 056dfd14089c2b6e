package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CancelAfterTest {

    @ParameterizedTest
    @CsvSource({"30,PT30S", "30s,PT30S", "5,PT5S", "5m,PT5M", "2h,PT2H", "1h30m45s,PT1H30M45S", "90m,PT1H30M", "24h,PT24H",
        "86400,PT24H", "1H30M,PT1H30M", "1h5s,PT1H5S"})
    void shouldReadEveryDocumentedForm(String header, Duration expected) {
        assertThat(CancelAfter.parse(header)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "4", "4s", "0", "24h1s", "86401", "1h30", "5m30", "30s5m", "1d", "1.5h", "-30", "h", "+30",
        "99999999999999999999"})
    void shouldRefuseWhenItIsNoDurationInBounds(String header) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> CancelAfter.parse(header))
                .satisfies(refusal -> assertThat(refusal.invalidFields().getFirst().field()).isEqualTo("Cancel-After"));
    }
}
