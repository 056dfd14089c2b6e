package dev.auspex.executor.app;

import dev.auspex.executor.cog.CogServers;
import dev.auspex.executor.cog.DockerSettings;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Reads the settings of Cog servers. */
final class CogSettings {

    private static final String AUTO = "auto";
    /** Jobs that come one by one are mostly closer to each other. */
    private static final Duration CONTAINER_IDLE = Duration.ofMinutes(1);

    private CogSettings() {}

    /** @throws ConfigException if the word for uploads cannot stand in an address, or could be guessed */
    static CogServers.Inbound inbound(Settings settings) {
        String word = settings.find(Keys.EXECUTOR_COG_UPLOADS).map(Secret::value).orElse("");
        if (!word.isEmpty() && !word.matches("[A-Za-z0-9_-]{16,200}")) {
            throw new ConfigException(
                    "executor.cog.uploads (AUSPEX_EXECUTOR_COG_UPLOADS): is not 16 to 200 of A-Z, a-z, 0-9, '-' and '_'");
        }
        return new CogServers.Inbound(
                settings.get(Keys.EXECUTOR_COG_LISTEN),
                settings.get(Keys.EXECUTOR_COG_PORT),
                word,
                settings.get(Keys.DATA).toAbsolutePath().resolve("work").resolve("cog-uploads"),
                settings.get(Keys.FILES_LIMIT));
    }

    /** @param environment where {@code CUDA_VISIBLE_DEVICES} may name the executor's device */
    static DockerSettings docker(Settings settings, Map<String, String> environment) {
        String host = settings.get(Keys.EXECUTOR_DOCKER_HOST);
        String listen = settings.get(Keys.EXECUTOR_DOCKER_LISTEN);
        return new DockerSettings(
                AUTO.equals(host) ? "" : host,
                pull(settings.get(Keys.EXECUTOR_DOCKER_PULL)),
                new DockerSettings.Bounds(
                        settings.get(Keys.EXECUTOR_DOCKER_MEMORY),
                        settings.get(Keys.EXECUTOR_DOCKER_PIDS),
                        settings.get(Keys.EXECUTOR_DOCKER_CONTAINERS)),
                gpus(settings.get(Keys.EXECUTOR_DOCKER_GPUS), environment.getOrDefault("CUDA_VISIBLE_DEVICES", "")),
                new DockerSettings.Network(
                        settings.get(Keys.EXECUTOR_DOCKER_NETWORK), AUTO.equals(listen) ? "" : listen));
    }

    private static DockerSettings.Pull pull(String word) {
        return switch (word) {
            case "missing" -> DockerSettings.Pull.MISSING;
            case "always" -> DockerSettings.Pull.ALWAYS;
            case "never" -> DockerSettings.Pull.NEVER;
            default -> throw new ConfigException(
                    "executor.docker.pull (AUSPEX_EXECUTOR_DOCKER_PULL): is '" + word + "', expected missing, always or never");
        };
    }

    private static List<String> gpus(String wanted, String visible) {
        return switch (wanted) {
            case "none" -> List.of();
            case "all" -> DockerSettings.ALL_GPUS;
            case AUTO -> visible.isBlank() ? DockerSettings.ALL_GPUS : List.of(visible.strip().split("\\s*,\\s*"));
            default -> List.of(wanted.strip().split("\\s*,\\s*"));
        };
    }

    static CogServers.Waits waits(Settings settings) {
        return new CogServers.Waits(
                settings.get(Keys.EXECUTOR_COG_SETUP),
                settings.get(Keys.EXECUTOR_COG_ABSENT),
                settings.get(Keys.EXECUTOR_CANCEL_GRACE),
                CONTAINER_IDLE);
    }
}
