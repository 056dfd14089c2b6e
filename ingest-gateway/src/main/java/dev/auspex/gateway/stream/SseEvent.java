package dev.auspex.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.PredictionJson;
import io.vertx.core.buffer.Buffer;
import java.util.regex.Pattern;

/**
 * One event on the wire (WHATWG HTML, "server-sent events"). LF only, an id on every event and data on every event,
 * because official clients lose what lacks them.
 *
 * @param name {@code output}, {@code error} or {@code done}
 * @param seconds first half of the id: when the prediction was created, so that an event has one id on every connection
 * @param number second half of the id
 * @param data may hold line ends
 */
record SseEvent(String name, long seconds, int number, String data) {

    /** The first bytes of a stream: a comment, so that the client sees the answer begin. */
    static final Buffer GREETING = Buffer.buffer(": hi\n\n");
    /** A comment line without a blank line after it: that would make some clients forget the last id. */
    static final Buffer KEEP_ALIVE = Buffer.buffer(":\n");

    private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

    static SseEvent output(long seconds, int number, JsonNode chunk) {
        return new SseEvent("output", seconds, number, chunk.isTextual() ? chunk.textValue() : PredictionJson.text(chunk));
    }

    static SseEvent error(long seconds, int number, String detail) {
        return new SseEvent("error", seconds, number, PredictionJson.text(Json.object().put("detail", detail)));
    }

    static SseEvent done(long seconds, int number, StreamProgress.Ending ending) {
        return new SseEvent("done", seconds, number, switch (ending) {
            case SUCCEEDED -> "{}";
            case CANCELED -> "{\"reason\":\"canceled\"}";
            case FAILED -> "{\"reason\":\"error\"}";
        });
    }

    Buffer bytes() {
        StringBuilder text = new StringBuilder(data.length() + 64);
        text.append("event: ").append(name).append("\nid: ").append(seconds).append(':').append(number).append('\n');
        for (String line : LINE_END.split(data, -1)) {
            text.append("data: ").append(line).append('\n');
        }
        return Buffer.buffer(text.append('\n').toString());
    }
}
