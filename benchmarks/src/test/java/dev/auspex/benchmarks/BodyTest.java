package dev.auspex.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest {

    private static final byte[] BODY =
            "{\"id\":\"abc\",\"status\":\"succeeded\",\"created_at\":\"2026-01-02T03:04:05.678Z\"}"
                    .getBytes(StandardCharsets.UTF_8);

    @Test
    void shouldFindTheTextWhenTheFieldIsThere() {
        assertThat(Body.text(BODY, Body.ID)).isEqualTo("abc");
        assertThat(Body.text(BODY, Body.STATUS)).isEqualTo("succeeded");
    }

    @Test
    void shouldFindNothingWhenTheFieldIsMissing() {
        assertThat(Body.text(BODY, Body.STARTED_AT)).isNull();
        assertThat(Body.micros(BODY, Body.STARTED_AT)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678Z", "2026-12-31T23:59:59.678901Z", "2028-02-29T00:00:00.678901234Z"
    })
    void shouldReadTheSameTimeAsTheJdkWhenTheFractionVaries(String time) {
        assertThat(Body.micros(time)).isEqualTo(Body.micros(Instant.parse(time)));
    }

    @Test
    void shouldReadNoTimeWhenItIsNotOne() {
        assertThat(Body.micros("{\"created_at\":\"yesterday\"}".getBytes(StandardCharsets.UTF_8), Body.CREATED_AT))
                .isZero();
    }
}
