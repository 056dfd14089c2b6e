package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaitPreferenceTest {

    @ParameterizedTest
    @CsvSource({"wait,57000", "wait=60,57000", "wait=99,57000", "wait=999999999,57000", "wait=30,29000", "wait=10,9000",
        "wait=5,4500", "wait=1,900", "wait=0,900", "Wait=10,9000", "wait=\"10\",9000", "wait = 10,9000"})
    void shouldAnswerBeforeTheClientGivesUpWhenItWaits(String header, long millis) {
        WaitPreference preference = WaitPreference.parse(List.of(header)).orElseThrow();

        assertThat(preference.limit()).isEqualTo(Duration.ofMillis(millis));
        assertThat(preference.applied()).isEqualTo(header);
    }

    @Test
    void shouldFindThePreferenceWhenThereAreOthers() {
        assertThat(WaitPreference.parse(List.of("respond-async", "return=minimal, wait=10; foo=bar")).orElseThrow()
                .applied()).isEqualTo("wait=10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "waiting", "wait=", "wait=-5", "wait=2.5", "wait=ten", "respond-async"})
    void shouldIgnoreThePreferenceWhenItCannotBeRead(String header) {
        assertThat(WaitPreference.parse(List.of(header))).isEmpty();
    }
}
