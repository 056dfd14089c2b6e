package dev.auspex.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @TempDir
    Path folder;

    @Test
    void shouldUseDefaultsWhenNothingIsSet() {
        Settings settings = Settings.load(Map.of("PATH", "/bin"));

        assertThat(settings.get(Keys.HTTP_PORT)).isEqualTo(8080);
        assertThat(settings.get(Keys.DATA)).isEqualTo(Path.of("./.auspex"));
        assertThat(settings.get(Keys.FILES_LIMIT)).isEqualTo(100L << 20);
        assertThat(settings.get(Keys.FILES_EXPIRY)).isEqualTo(Duration.ofHours(24));
        assertThat(settings.get(Keys.WEBHOOK_ALLOW)).isEmpty();
        assertThat(settings.get(Keys.HARDWARE_CLASSES)).contains(new HardwareClass("cpu"));
        assertThat(settings.find(Keys.KAFKA)).isEmpty();
    }

    @Test
    void shouldNameTheKeyAndItsVariableWhenARequiredOneIsAbsent() {
        assertThatThrownBy(() -> Settings.of(Map.of()).get(Keys.KAFKA))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("kafka (AUSPEX_KAFKA): missing");
    }

    @Test
    void shouldReportEveryProblemAtOnceWhenThereAreSeveral() {
        assertThatThrownBy(() -> Settings.load(Map.of(
                        "AUSPEX_HTTP_PORT", "70000",
                        "AUSPEX_TOPICS_RETENTION", "soon",
                        "AUSPEX_FILES_LIMIT", "99999999TiB",
                        "AUSPEX_HTTP_URL", "ftp://x",
                        "AUSPEX_TYPO", "1",
                        "AUSPEX_HARDWARE_CLASSES", "cpu,GPU!")))
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(6))
                .hasMessageContaining("http.port (AUSPEX_HTTP_PORT): is '70000', expected 0 to 65535")
                .hasMessageContaining("topics.retention (AUSPEX_TOPICS_RETENTION): is 'soon'")
                .hasMessageContaining("files.limit (AUSPEX_FILES_LIMIT)")
                .hasMessageContaining("http.url (AUSPEX_HTTP_URL)")
                .hasMessageContaining("AUSPEX_TYPO: no such setting")
                .hasMessageContaining("hardware.classes (AUSPEX_HARDWARE_CLASSES)");
    }

    @Test
    void shouldPreferTheEnvironmentWhenTheFileSaysOtherwise() throws Exception {
        Path file = Files.writeString(folder.resolve("auspex.yml"), """
                http:
                  port: 9000
                  host: 0.0.0.0
                hardware:
                  classes: [cpu, gpu-h200]
                """);

        Settings settings = Settings.load(Map.of("AUSPEX_CONFIG", file.toString(), "AUSPEX_HTTP_PORT", "9001"));

        assertThat(settings.get(Keys.HTTP_PORT)).isEqualTo(9001);
        assertThat(settings.get(Keys.HTTP_HOST)).isEqualTo("0.0.0.0");
        assertThat(settings.get(Keys.HARDWARE_CLASSES))
                .containsExactly(new HardwareClass("cpu"), new HardwareClass("gpu-h200"));
    }

    @Test
    void shouldReportUnknownKeysAndUnreadableFilesWhenLoading() throws Exception {
        Path unknown = Files.writeString(folder.resolve("unknown.yml"), "http:\n  prot: 1\nnonsense: 2\n");
        Path broken = Files.writeString(folder.resolve("broken.yml"), "http: [");

        assertThatThrownBy(() -> Settings.load(Map.of("AUSPEX_CONFIG", unknown.toString())))
                .hasMessageContaining("http.prot: no such setting")
                .hasMessageContaining("nonsense: no such setting");
        assertThatThrownBy(() -> Settings.load(Map.of("AUSPEX_CONFIG", broken.toString())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("AUSPEX_CONFIG: cannot read");
        assertThatThrownBy(() -> Settings.load(Map.of("AUSPEX_CONFIG", folder.resolve("none.yml").toString())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("AUSPEX_CONFIG: cannot read");
    }

    @Test
    void shouldNeverShowSecretsWhenPrintedOrRefused() {
        Settings settings = Settings.of(Map.of("secret", "hush-hush", "tokens", "acme=tell-nobody"));

        assertThat(settings.get(Keys.TOKENS))
                .containsExactly(new Keys.AccountToken(new AccountId("acme"), new Secret("tell-nobody")));
        assertThat(settings.effective().toString()).doesNotContain("hush-hush", "tell-nobody").contains("(hidden)");
        assertThatThrownBy(() -> Settings.of(Map.of("tokens", "tell-nobody")))
                .hasMessageContaining("(hidden)")
                .hasMessageNotContaining("tell-nobody");
    }

    @Test
    void shouldChangeACopyWhenAKeyIsReplaced() {
        Settings settings = Settings.of(Map.of());

        assertThat(settings.with(Keys.HTTP_PORT, 1).get(Keys.HTTP_PORT)).isEqualTo(1);
        assertThat(settings.get(Keys.HTTP_PORT)).isEqualTo(8080);
    }

    @Test
    void shouldHaveNoDoubleNamesWhenAllKeysAreListed() {
        assertThat(Keys.all()).extracting(ConfigKey::name).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z][a-z0-9]*(\\.[a-z][a-z0-9]*)*"));
        assertThat(Keys.all()).extracting(ConfigKey::variable).doesNotHaveDuplicates();
        assertThat(Keys.all()).allSatisfy(key -> assertThat(key.description()).endsWith("."));
    }

    @ParameterizedTest
    @CsvSource({"250ms, PT0.25S", "10s, PT10S", "5m, PT5M", "2h, PT2H", "7d, PT168H", "' 1 s ', PT1S"})
    void shouldReadDurationsWhenTheyHaveAUnit(String text, Duration expected) {
        assertThat(Parsers.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10x", "-1s", "1.5s", "s", "1h30m", "9999999999999999s"})
    void shouldRefuseDurationsWhenTheyHaveAnotherForm(String text) {
        assertThatThrownBy(() -> Parsers.duration(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1B, 1", "2KiB, 2048", "3MiB, 3145728", "1GiB, 1073741824", "1TiB, 1099511627776"})
    void shouldReadSizesWhenTheyAreInBinaryUnits(String text, long expected) {
        assertThat(Parsers.bytes(0, Long.MAX_VALUE).parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1KB", "-1", "1.5MiB", "KiB", "11"})
    void shouldRefuseSizesWhenTheyHaveAnotherFormOrLieOutside(String text) {
        assertThatThrownBy(() -> Parsers.bytes(0, 10).parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldReadListsAndUrlsWhenTheyAreUntidy() {
        assertThat(Parsers.list(Parsers.integer(0, 9)).parse(" 1, ,2,")).isEqualTo(List.of(1, 2));
        assertThat(Parsers.httpUrl().parse("https://x.example.test/")).isEqualTo("https://x.example.test");
        assertThatThrownBy(() -> Parsers.httpUrl().parse("not a url")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Parsers.httpUrl().parse("/relative")).isInstanceOf(IllegalArgumentException.class);
    }
}
