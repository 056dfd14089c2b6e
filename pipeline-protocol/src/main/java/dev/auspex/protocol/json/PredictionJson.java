package dev.auspex.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.Attempt;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.PredictionUrls;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders a prediction as Replicate's API shows it. The router renders once; the gateway and the dispatcher pass the
 * bytes on, so GET and webhook bodies cannot differ.
 *
 * <p>The form survives a JavaScript round trip: {@code JSON.stringify(JSON.parse(body)) === body}, because receivers that
 * verify signatures over a re-serialised object exist. So it is compact, raw UTF-8, and numbers look as JavaScript
 * prints them. Safe for any thread.
 */
public final class PredictionJson {

    private static final JsonFactory FACTORY = Json.mapper().getFactory();

    private PredictionJson() {}

    /** The API's JSON object in UTF-8. */
    public static byte[] render(Prediction prediction) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            write(prediction, json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * The same object with the status's own name instead of the public one: {@code aborted} is shown to those who ask for
     * it. Nothing else changes.
     *
     * @param json what {@link #render} made
     * @param status of that prediction
     */
    public static byte[] withOwnName(byte[] json, PredictionStatus status) {
        if (status.publicName().equals(status.wireName())) {
            return json;
        }
        try (JsonParser fields = FACTORY.createParser(json)) {
            fields.nextToken();
            for (String name = fields.nextFieldName(); name != null; name = fields.nextFieldName()) {
                fields.nextToken();
                if (name.equals("status")) {
                    fields.finishToken();
                    return replaced(json, fields.currentTokenLocation(), fields.currentLocation(), status);
                }
                fields.skipChildren();
            }
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException("not a prediction", e);
        }
    }

    private static byte[] replaced(byte[] json, JsonLocation begin, JsonLocation end, PredictionStatus status) {
        int after = Math.toIntExact(end.getByteOffset());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.length + 8);
        bytes.write(json, 0, Math.toIntExact(begin.getByteOffset()));
        bytes.writeBytes(Json.bytes(status.wireName()));
        bytes.write(json, after, json.length - after);
        return bytes.toByteArray();
    }

    /** A single value in the same form as inside a prediction, for streams that send output piece by piece. */
    public static String text(JsonNode value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            writeNode(value, json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return text.toString();
    }

    private static void write(Prediction prediction, JsonGenerator json) throws IOException {
        Job job = prediction.job();
        json.writeStartObject();
        json.writeStringField("id", job.id().value());
        json.writeStringField("model", job.model().toString());
        json.writeStringField("version", job.version().value());
        json.writeFieldName("input");
        writeNode(job.input(), json);
        json.writeFieldName("output");
        writeNode(prediction.output(), json);
        if (prediction.error() == null) {
            json.writeNullField("error");
        } else {
            json.writeStringField("error", prediction.error());
        }
        json.writeStringField("logs", prediction.logs());
        json.writeStringField("status", prediction.status().publicName());
        json.writeStringField("source", job.source());
        json.writeBooleanField("data_removed", prediction.dataRemoved());
        writeTime("created_at", job.createdAt(), json);
        writeTime("started_at", prediction.startedAt(), json);
        writeTime("completed_at", prediction.completedAt(), json);
        writeTime("deadline", job.deadline(), json);
        if (job.deployment() != null) {
            json.writeStringField("deployment", job.deployment().toString());
        }
        if (prediction.metrics() != null) {
            json.writeFieldName("metrics");
            writeNode(prediction.metrics(), json);
        }
        writeAttempts(prediction.attempts(), json);
        if (job.webhook() != null) {
            writeWebhook(job.webhook(), json);
        }
        if (job.priority().isHeld()) {
            json.writeStringField("priority", job.priority().publicName());
        }
        if (job.replayOf() != null) {
            json.writeStringField("replay_of", job.replayOf().prediction().value());
            json.writeStringField("replay", job.replayOf().replay().value());
        }
        writeUrls(job.urls(), json);
        json.writeEndObject();
    }

    // A field of our own: unknown to Replicate's clients, which ignore it.
    private static void writeAttempts(List<Attempt> attempts, JsonGenerator json) throws IOException {
        if (attempts.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("attempts");
        for (Attempt attempt : attempts) {
            json.writeStartObject();
            json.writeNumberField("number", attempt.number());
            json.writeStringField("id", attempt.id().value());
            if (attempt.executor() != null) {
                json.writeStringField("executor", attempt.executor().value());
            }
            json.writeStringField("hardware", attempt.hardware().value());
            writeTime("started_at", attempt.startedAt(), json);
            writeTime("ended_at", attempt.endedAt(), json);
            json.writeStringField("outcome", attempt.outcome().wireName());
            if (attempt.error() != null) {
                json.writeStringField("error", attempt.error());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeWebhook(Webhook webhook, JsonGenerator json) throws IOException {
        json.writeStringField("webhook", webhook.url());
        if (webhook.filter() != null) {
            json.writeArrayFieldStart("webhook_events_filter");
            for (WebhookEvent event : webhook.filter()) {
                json.writeString(event.wireName());
            }
            json.writeEndArray();
        }
    }

    private static void writeUrls(PredictionUrls urls, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("urls");
        json.writeStringField("web", urls.web());
        json.writeStringField("get", urls.get());
        json.writeStringField("cancel", urls.cancel());
        if (urls.stream() != null) {
            json.writeStringField("stream", urls.stream());
        }
        json.writeEndObject();
    }

    private static void writeTime(String name, @Nullable Instant time, JsonGenerator json) throws IOException {
        if (time != null) {
            json.writeStringField(name, time.toString());
        }
    }

    private static void writeNode(@Nullable JsonNode node, JsonGenerator json) throws IOException {
        if (node == null || node.isNull() || node.isMissingNode()) {
            json.writeNull();
        } else if (node.isObject()) {
            json.writeStartObject();
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                json.writeFieldName(entry.getKey());
                writeNode(entry.getValue(), json);
            }
            json.writeEndObject();
        } else if (node.isArray()) {
            json.writeStartArray();
            for (JsonNode element : node) {
                writeNode(element, json);
            }
            json.writeEndArray();
        } else if (node.isNumber()) {
            json.writeNumber(JavaScriptNumber.format(node));
        } else if (node.isBoolean()) {
            json.writeBoolean(node.booleanValue());
        } else {
            json.writeString(node.asText());
        }
    }
}
