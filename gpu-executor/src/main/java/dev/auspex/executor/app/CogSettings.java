package dev.auspex.executor.app;

import dev.auspex.executor.cog.CogServers;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.config.Settings;

/** Reads the settings of Cog servers. */
final class CogSettings {

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

    static CogServers.Waits waits(Settings settings) {
        return new CogServers.Waits(
                settings.get(Keys.EXECUTOR_COG_SETUP),
                settings.get(Keys.EXECUTOR_COG_ABSENT),
                settings.get(Keys.EXECUTOR_CANCEL_GRACE));
    }
}
