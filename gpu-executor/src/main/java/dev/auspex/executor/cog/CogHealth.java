package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code GET /health-check} said.
 *
 * @param status how the server stands
 * @param setupLogs what set-up printed
 * @param setupEnd when set-up ended, in the server's words: another one means another life of the server
 * @param coglet the version of the Rust server; {@code null} in the others
 */
record CogHealth(Status status, String setupLogs, @Nullable String setupEnd, @Nullable String coglet) {

    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4}).*");

    /** Cog's words. */
    enum Status {
        UNKNOWN,
        STARTING,
        READY,
        BUSY,
        SETUP_FAILED,
        DEFUNCT,
        UNHEALTHY
    }

    static CogHealth of(JsonNode body) {
        JsonNode setup = body.path("setup");
        return new CogHealth(
                status(body.path("status").asText()),
                setup.path("logs").asText(),
                setup.path("completed_at").isTextual() ? setup.path("completed_at").textValue() : null,
                body.at("/version/coglet").isTextual() ? body.at("/version/coglet").textValue() : null);
    }

    private static Status status(String word) {
        for (Status status : Status.values()) {
            if (status.name().equals(word)) {
                return status;
            }
        }
        return Status.UNKNOWN;
    }

    /** Whether the server can send a prediction's events as a stream: coglet from 0.21 on. */
    boolean streams() {
        Matcher version = VERSION.matcher(coglet == null ? "" : coglet);
        return version.matches()
                && Integer.parseInt(version.group(1)) * 10_000 + Integer.parseInt(version.group(2)) >= 21;
    }
}
