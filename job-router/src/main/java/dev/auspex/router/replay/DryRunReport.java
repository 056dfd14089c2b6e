package dev.auspex.router.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.replay.ReplayCounts;
import dev.auspex.protocol.replay.ReplayJson;
import dev.auspex.protocol.replay.ReplayRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a replay would do. Immutable; safe for any thread.
 *
 * @param counts {@code submitted} is what would be submitted
 * @param groups what the filter takes
 * @param samples some that would be submitted
 * @param complete whether everything was read, or the time was over before
 */
public record DryRunReport(ReplayCounts counts, Groups groups, List<Sample> samples, boolean complete) {

    /** Copies the list. */
    public DryRunReport {
        samples = List.copyOf(samples);
    }

    /** How many there are of each kind. */
    public record Groups(Map<String, Long> byModel, Map<String, Long> byStatus, Map<String, Long> byError) {}

    /** One that would be submitted, as it would be run. @param error of the original; its beginning if it is long */
    public record Sample(
            PredictionId id,
            ModelName model,
            VersionId version,
            HardwareClass hardware,
            PredictionStatus status,
            @Nullable String error) {}

    /** As the API shows it. */
    public ObjectNode toJson(ReplayRequest request) {
        ObjectNode json = Json.object();
        json.put("dry_run", true);
        json.put("complete", complete);
        json.set("filter", ReplayJson.filter(request.spec().filter()));
        json.set("overrides", Json.tree(request.spec().overrides()));
        json.put("again", request.spec().again());
        json.set("counts", ReplayJson.counts(counts));
        json.set("by_status", Json.tree(groups.byStatus()));
        json.set("by_model", Json.tree(groups.byModel()));
        json.set("by_error", Json.tree(groups.byError()));
        ArrayNode sample = json.putArray("sample");
        for (Sample each : samples) {
            sample.addObject()
                    .put("id", each.id().value())
                    .put("model", each.model().toString())
                    .put("version", each.version().value())
                    .put("hardware", each.hardware().value())
                    .put("status", each.status().publicName())
                    .put("error", each.error());
        }
        return json;
    }
}
