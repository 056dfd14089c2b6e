package dev.auspex.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Events and answers of the router as tests need them. */
final class Samples {

    static final AccountId ACME = new AccountId("acme");
    static final AttemptId FIRST = new AttemptId("00000000000000000001");
    static final AttemptId SECOND = new AttemptId("00000000000000000002");

    private Samples() {}

    static AttemptEvent event(PredictionId id, AttemptId attempt, AttemptEvent.Body body) {
        return new AttemptEvent(id, ACME, attempt, new ExecutorId("e1"), Instant.EPOCH, body);
    }

    static AttemptEvent.OutputAppended output(int index, String... chunks) {
        return new AttemptEvent.OutputAppended(index, nodes(chunks));
    }

    static AttemptEvent.Succeeded succeeded(String... chunks) {
        return new AttemptEvent.Succeeded(array(chunks), "", Json.object(), Instant.EPOCH);
    }

    static AttemptEvent.Failed failed(String error, boolean retryable, String... chunks) {
        return new AttemptEvent.Failed(error, array(chunks), "", Json.object(), Instant.EPOCH, retryable, false);
    }

    static AttemptEvent.Canceled canceled(String... chunks) {
        return new AttemptEvent.Canceled(array(chunks), "", Json.object(), Instant.EPOCH);
    }

    static Snapshot snapshot(PredictionStatus status, AttemptId attempt, String error, String... chunks) {
        return new Snapshot(status, nodes(chunks), error, attempt);
    }

    /** The router's answer, as far as a stream reads it. */
    static PredictionLookup.LookedUp answer(
            PredictionStatus status, AttemptId attempt, JsonNode output, String error) {
        ObjectNode body = Json.object();
        body.set("output", output);
        body.put("error", error);
        body.put("status", status.publicName());
        return new PredictionLookup.LookedUp(Buffer.buffer(Json.bytes(body)), attempt);
    }

    static ArrayNode array(String... chunks) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        nodes(chunks).forEach(array::add);
        return array;
    }

    private static List<JsonNode> nodes(String... chunks) {
        return Arrays.stream(chunks).<JsonNode>map(TextNode::new).toList();
    }
}
