package dev.auspex.protocol.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A replay as the API shows it. Safe for any thread. */
public final class ReplayJson {

    private ReplayJson() {}

    /** The API's object. */
    public static ObjectNode of(Replay replay) {
        ReplayRequest request = replay.request();
        ObjectNode json = Json.object();
        json.put("id", request.id().value());
        json.put("status", replay.status().wireName());
        json.set("filter", filter(request.spec().filter()));
        json.set("overrides", Json.tree(request.spec().overrides()));
        if (request.spec().rate() != null) {
            json.put("rate", request.spec().rate());
        }
        json.put("again", request.spec().again());
        json.set("counts", counts(replay.counts()));
        json.put("progress", Math.floor(replay.progress() * 10_000) / 10_000);
        json.put("error", replay.error());
        putTime(json, "created_at", request.createdAt());
        putTime(json, "started_at", replay.startedAt());
        putTime(json, "completed_at", replay.completedAt());
        String get = request.baseUrl() + "/v1/replays/" + request.id();
        json.putObject("urls").put("get", get).put("cancel", get + "/cancel");
        return json;
    }

    /** Counts with every reason that occurred. */
    public static ObjectNode counts(ReplayCounts counts) {
        ObjectNode json = Json.object()
                .put("scanned", counts.scanned())
                .put("matched", counts.matched())
                .put("submitted", counts.submitted());
        ObjectNode skipped = json.putObject("skipped");
        counts.skipped().forEach((reason, count) -> skipped.put(reason.wireName(), count));
        return json;
    }

    /** A filter without the conditions that were not given. */
    public static ObjectNode filter(ReplayFilter filter) {
        ObjectNode json = Json.object();
        ArrayNode status = json.putArray("status");
        filter.status().stream().map(PredictionStatus::wireName).forEach(status::add);
        putText(json, "model", filter.model());
        putText(json, "version", filter.version());
        putText(json, "hardware", filter.hardware());
        putText(json, "error", filter.error());
        if (!filter.ids().isEmpty()) {
            ArrayNode ids = json.putArray("ids");
            filter.ids().forEach(id -> ids.add(id.value()));
        }
        putTime(json, "created_after", filter.createdAfter());
        putTime(json, "created_before", filter.createdBefore());
        return json;
    }

    private static void putText(ObjectNode json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value.toString());
        }
    }

    private static void putTime(ObjectNode json, String name, @Nullable Instant time) {
        if (time != null) {
            json.put(name, time.toString());
        }
    }
}
