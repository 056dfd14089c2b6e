package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service alone that may not start. That they run, wait for Kafka and work together: {@link ChaosIT}. */
class ServiceCommandIT {

    @TempDir
    private Path folder;

    @Test
    void shouldNameEveryUnsafeSettingAtOnceWhenItIsProduction() throws Exception {
        Ended router = run("router", Map.of("AUSPEX_WEBHOOK_ALLOW", "0.0.0.0/0"));

        assertThat(router.code()).as(router.output()).isEqualTo(2);
        assertThat(router.output())
                .contains("topics.replicas (AUSPEX_TOPICS_REPLICAS): is 1, expected 3")
                .contains("secret (AUSPEX_SECRET): missing")
                .contains("webhook.allow (AUSPEX_WEBHOOK_ALLOW): '0.0.0.0/0'")
                .contains("mode (AUSPEX_MODE) = development");
    }

    @Test
    void shouldRefuseOptionsWhenASettingIsMeant() throws Exception {
        Ended gateway = run("gateway --port=1", Map.of());

        assertThat(gateway.code()).isEqualTo(2);
        assertThat(gateway.output()).contains("takes no options");
    }

    private Ended run(String command, Map<String, String> environment) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                        ("./auspex " + command).split(" "))
                .directory(Repository.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("AUSPEX_"));
        builder.environment().putAll(Map.of(
                "AUSPEX_NO_BUILD", "true", "AUSPEX_KAFKA", "127.0.0.1:1", "AUSPEX_DATA", folder.resolve("data").toString()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }

    private record Ended(int code, String output) {}
}
