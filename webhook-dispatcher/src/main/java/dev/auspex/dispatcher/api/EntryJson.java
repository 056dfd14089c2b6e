package dev.auspex.dispatcher.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.dispatcher.log.LogEntry;
import dev.auspex.dispatcher.log.LogPage;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryTrace;
import dev.auspex.protocol.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Entries of the log as clients see them; what is not known is left out. */
final class EntryJson {

    private EntryJson() {}

    static ObjectNode page(LogPage page, @Nullable String next) {
        ObjectNode json = Json.object();
        json.put("next", next);
        json.putNull("previous");
        ArrayNode results = json.putArray("results");
        page.entries().forEach(entry -> results.add(entry(entry)));
        return json;
    }

    static ObjectNode entry(LogEntry entry) {
        DeliveryResult result = entry.result();
        Delivery delivery = result.delivery();
        ObjectNode json = Json.object();
        json.put("id", delivery.id().value());
        json.put("prediction", delivery.prediction().value());
        json.put("event", delivery.event().wireName());
        json.put("sequence", delivery.sequence());
        json.put("url", delivery.url());
        put(json, "endpoint", delivery.endpoint());
        json.put("attempt", result.attempt());
        json.put("outcome", result.outcome().wireName());
        put(json, "status", result.status());
        put(json, "error", result.error());
        json.put("started_at", result.startedAt().toString());
        json.put("elapsed_ms", result.elapsedMillis());
        trace(json, result.trace());
        Instant next = result.nextAttemptAt();
        if (next != null) {
            json.put("next_attempt_at", next.toString());
        }
        return json;
    }

    private static void trace(ObjectNode json, @Nullable DeliveryTrace trace) {
        if (trace != null) {
            put(json, "address", trace.address());
            put(json, "resolve_ms", trace.resolveMillis());
            put(json, "connect_ms", trace.connectMillis());
            put(json, "tls_ms", trace.tlsMillis());
            put(json, "first_byte_ms", trace.firstByteMillis());
            put(json, "response", trace.response());
        }
    }

    private static void put(ObjectNode json, String name, @Nullable Object value) {
        if (value != null) {
            json.set(name, Json.tree(value));
        }
    }
}
