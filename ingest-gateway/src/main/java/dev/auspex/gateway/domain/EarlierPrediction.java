package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.PredictionJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A prediction that an earlier request made, for the answer to one that repeats it. Immutable; safe for any thread.
 *
 * @param created as the answer to its creation showed it, byte for byte
 * @param location its address
 */
public record EarlierPrediction(byte[] created, String location) {

    /** What a prediction gets only as it goes on. */
    private static final List<String> LATER = List.of("started_at", "completed_at", "metrics", "attempts");

    /**
     * Reads what the router says now.
     *
     * @throws IOException if it is not a prediction
     */
    public static EarlierPrediction read(byte[] json) throws IOException {
        if (!(Json.parse(json) instanceof ObjectNode prediction)) {
            throw new IOException("expected a prediction");
        }
        JsonNode location = prediction.at("/urls/get");
        // Clients take any other status in the answer to a create for the end.
        prediction.remove(LATER);
        prediction.putNull("output");
        prediction.putNull("error");
        prediction.put("logs", "");
        prediction.put("status", "starting");
        byte[] created = PredictionJson.text(prediction).getBytes(StandardCharsets.UTF_8);
        return new EarlierPrediction(created, location.asText());
    }
}
