package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * How a Cog server said a prediction stands: the body of its webhooks and answers.
 *
 * @param status Cog's word
 * @param output so far; {@code null} for nothing yet
 * @param logs so far
 * @param error why it failed; {@code null} if it has not
 * @param metrics what the model measured
 */
record Snapshot(String status, @Nullable JsonNode output, String logs, @Nullable String error, JsonNode metrics) {

    /** Reads a body; whatever is missing counts as not said. */
    static Snapshot of(JsonNode body) {
        JsonNode output = body.get("output");
        JsonNode error = body.get("error");
        JsonNode logs = body.path("logs");
        return new Snapshot(
                body.path("status").asText(),
                output == null || output.isNull() ? null : output,
                logs.isTextual() ? logs.textValue() : "",
                error == null || error.isNull() ? null : error.isTextual() ? error.textValue() : error.toString(),
                body.path("metrics").isObject() ? body.path("metrics") : Json.object());
    }

    /** Nothing follows. */
    boolean isEnd() {
        return status.equals("succeeded") || status.equals("failed") || status.equals("canceled");
    }
}
