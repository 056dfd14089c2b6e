package dev.auspex.standalone.webhooks;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which attempts a command is about: options of every command that looks many up. */
final class MessageFilter {

    @Option(names = "--url", description = "Only to this address, or to those that begin so if it ends with *.")
    private @Nullable String url;

    @Option(names = "--from", description = "Tried not before this time, such as 2026-01-02T03:04:05Z.")
    private @Nullable String from;

    @Option(names = "--to", description = "Tried before this time.")
    private @Nullable String to;

    /** What was given, under the API's names. */
    Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>();
        put(given, "url", url);
        put(given, "from", from);
        put(given, "to", to);
        return given;
    }

    private static void put(Map<String, String> given, String name, @Nullable String value) {
        if (value != null) {
            given.put(name, value);
        }
    }
}
