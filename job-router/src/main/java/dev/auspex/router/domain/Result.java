package dev.auspex.router.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt has brought so far. The nodes are never changed, only replaced.
 *
 * @param output an array of chunks while an iterator model runs; whatever the model returned once it has ended
 * @param error the message of a failure
 * @param logs all log text so far
 * @param startedAt when the model began
 * @param completedAt when the terminal status was reached
 * @param metrics set with the terminal status
 */
public record Result(
        @Nullable JsonNode output,
        @Nullable String error,
        String logs,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable ObjectNode metrics) {

    /** JSON's null is no output. */
    public Result {
        output = output == null || output.isNull() ? null : output;
    }

    /** Before anything ran. */
    public static final Result NONE = new Result(null, null, "", null, null, null);

    /** Nothing but a beginning. */
    static Result begun(Instant startedAt) {
        return new Result(null, null, "", startedAt, null, null);
    }

    /** How many chunks a running iterator model has yielded. */
    int chunks() {
        return output == null ? 0 : output.size();
    }

    Result withChunks(List<JsonNode> more) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode(chunks() + more.size());
        if (output instanceof ArrayNode before) {
            all.addAll(before);
        }
        all.addAll(more);
        return new Result(all, error, logs, startedAt, completedAt, metrics);
    }

    Result withoutData() {
        return new Result(null, error, "", startedAt, completedAt, metrics);
    }

    Result withLogs(String more) {
        return new Result(output, error, logs + more, startedAt, completedAt, metrics);
    }
}
