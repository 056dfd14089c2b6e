package dev.auspex.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a stream needs of a prediction's state.
 *
 * @param status where it stands
 * @param chunks the output so far, as a stream shows it
 * @param error the message of a failure
 * @param attempt whose output it is
 */
record Snapshot(PredictionStatus status, List<JsonNode> chunks, @Nullable String error, @Nullable AttemptId attempt) {

    /** @throws IOException if the body is not a prediction */
    static Snapshot of(PredictionLookup.LookedUp found) throws IOException {
        JsonNode body = Json.parse(found.body().getBytes());
        try {
            PredictionStatus status = PredictionStatus.of(body.path("status").asText());
            String error = body.path("error").isTextual() ? body.path("error").asText() : null;
            return new Snapshot(status, chunks(body.get("output"), status.isTerminal()), error, found.attempt());
        } catch (IllegalArgumentException e) {
            throw new IOException("the router answered with something that is not a prediction", e);
        }
    }

    /**
     * An array is a sequence of chunks, anything else one chunk that is there at the end.
     *
     * @param complete whether nothing will be added
     */
    static List<JsonNode> chunks(@Nullable JsonNode output, boolean complete) {
        if (output == null || output.isNull() || output.isMissingNode()) {
            return List.of();
        }
        if (output.isArray()) {
            List<JsonNode> chunks = new ArrayList<>(output.size());
            output.forEach(chunks::add);
            return chunks;
        }
        return complete ? List.of(output) : List.of();
    }
}
