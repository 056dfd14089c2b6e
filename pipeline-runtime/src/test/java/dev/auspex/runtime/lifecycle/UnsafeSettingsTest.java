package dev.auspex.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.runtime.config.Settings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsafeSettingsTest {

    private static final Map<String, String> SAFE =
            Map.of("topics.replicas", "3", "secret", "a secret of the tests, long enough", "webhook.allow", "10.20.0.0/16");

    @Test
    void shouldFindNothingWhenEverythingIsFitForProduction() {
        assertThat(UnsafeSettings.in(Settings.of(SAFE))).isEmpty();
    }

    @Test
    void shouldReportEveryProblemAtOnceWhenThereAreSeveral() {
        assertThat(UnsafeSettings.in(Settings.of(Map.of("webhook.allow", "0.0.0.0/0,127.0.0.0/8"))))
                .hasSize(4)
                .anySatisfy(problem -> assertThat(problem).contains("topics.replicas (AUSPEX_TOPICS_REPLICAS): is 1, expected 3"))
                .anySatisfy(problem -> assertThat(problem).contains("secret (AUSPEX_SECRET): missing"))
                .anySatisfy(problem -> assertThat(problem).contains("'0.0.0.0/0'"))
                .anySatisfy(problem -> assertThat(problem).contains("'127.0.0.0/8'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "127.0.0.1", "126.0.0.0/7", "[::/0]", "[::1]", "169.254.0.0/16"})
    void shouldFindARangeWhenItOpensThisMachineOrTheCloudsMetadata(String range) {
        assertThat(UnsafeSettings.in(with(range))).singleElement().asString().contains("'" + range + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "192.168.1.7", "127.0.0.1:9000", "[fd00::/8]:443"})
    void shouldAcceptARangeWhenItNamesANetworkOrOneService(String range) {
        assertThat(UnsafeSettings.in(with(range))).isEmpty();
    }

    private static Settings with(String range) {
        Map<String, String> settings = new HashMap<>(SAFE);
        settings.put("webhook.allow", range);
        return Settings.of(settings);
    }
}
