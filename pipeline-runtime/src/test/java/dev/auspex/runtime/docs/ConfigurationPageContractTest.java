package dev.auspex.runtime.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.runtime.config.ConfigKey;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigurationPageContractTest {

    @Test
    void shouldListEveryKeyWhenSomebodyReadsThePage() throws Exception {
        String wanted = GeneratedTable.head(List.of("variable", "in the file", "default", "accepts", "meaning"))
                + Keys.all().stream().map(ConfigurationPageContractTest::row).collect(Collectors.joining());

        String page = GeneratedTable.in("configuration.md").currentOrUpdated(wanted);

        assertThat(page).as("docs/configuration.md is stale: run with -Dauspex.docs.update=true").isEqualTo(wanted);
    }

    @Test
    void shouldAcceptEveryDefaultWhenNothingIsSet() {
        Settings settings = Settings.of(Map.of());

        assertThat(Keys.all().stream().filter(key -> key.defaultValue() != null))
                .allSatisfy(key -> assertThat(settings.find(key)).as(key.name()).isPresent());
    }

    private static String row(ConfigKey<?> key) {
        return GeneratedTable.row(List.of(
                "`" + key.variable() + "`", "`" + key.name() + "`", defaultOf(key), key.expected(), key.description()));
    }

    private static String defaultOf(ConfigKey<?> key) {
        String text = key.defaultValue();
        if (text == null) {
            return "–";
        }
        return text.isEmpty() ? "empty" : "`" + text + "`";
    }
}
