package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.worker.WorkerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * How {@code GET /v1/workers} shows workers. Of other accounts' jobs it tells that they run and since when, nothing more:
 * no id, no model, no owner. Of Cog servers it names the models that the caller can see; where they are, and what is wrong with
 * those that run other models, only administrators are told.
 */
public final class WorkerJson {

    private WorkerJson() {}

    /**
     * All of them.
     *
     * @param viewer who looks
     * @param now the time of the answer
     */
    public static ObjectNode list(List<WorkerStatus> workers, Viewer viewer, Instant now) {
        ObjectNode json = Json.object();
        json.putNull("previous");
        json.putNull("next");
        ArrayNode results = json.putArray("results");
        workers.forEach(worker -> results.add(worker(worker, viewer, now)));
        return json;
    }

    /**
     * Who looks.
     *
     * @param models what the account can see; its jobs are shown in full
     * @param admin whether it may know where servers are
     */
    public record Viewer(VisibleModels models, boolean admin) {}

    private static ObjectNode worker(WorkerStatus worker, Viewer viewer, Instant now) {
        Duration silent = Duration.between(worker.at(), now);
        ObjectNode json = Json.object()
                .put("id", worker.executor().value())
                .put("state", WorkerState.of(worker, now).name().toLowerCase(Locale.ROOT))
                .put("version", worker.version() == null ? "" : worker.version())
                .put("started_at", worker.startedAt().toString())
                .put("heartbeat_at", worker.at().toString())
                .put("heartbeat_age", Math.max(0, silent.toMillis()) / 1000.0);
        ArrayNode problems = json.putArray("problems");
        worker.problems().forEach(problems::add);
        ArrayNode hardware = json.putArray("hardware");
        worker.classes().forEach(served -> hardware.add(served(served, viewer.models().account())));
        ArrayNode servers = json.putArray("cog_servers");
        worker.cogServers().forEach(server -> servers.add(server(server, viewer)));
        return json;
    }

    private static ObjectNode server(WorkerStatus.CogServer server, Viewer viewer) {
        ObjectNode json = Json.object();
        ArrayNode models = json.putArray("models");
        for (Model model : viewer.models().models()) {
            model.versions().stream()
                    .filter(version -> version.runner().equals(server.runner()))
                    .findFirst() // the newest: the others say the same server was described otherwise
                    .ifPresent(version -> models.addObject()
                            .put("name", model.name().toString())
                            .put("version", version.id().value()));
        }
        switch (server.runner()) {
            case Runner.CogUrl(String url) -> json.put("kind", "cog-url").put("url", viewer.admin() ? url : null);
            case Runner.CogDocker(String image) -> json.put("kind", "cog-docker").put("image", viewer.admin() ? image : null);
            case Runner.Builtin builtin -> json.put("kind", "builtin");
        }
        boolean known = viewer.admin() || !models.isEmpty();
        return json.put("gpu", server.gpu())
                .put("state", server.state())
                .put("since", server.since().toString())
                .put("warm", server.warm())
                .put("predictions", server.predictions())
                .put("problem", known ? server.problem() : null);
    }

    private static ObjectNode served(WorkerStatus.Served served, AccountId caller) {
        ObjectNode json = Json.object().put("sku", served.hardware().value());
        WorkerStatus.Device device = served.device();
        if (device == null) {
            json.putNull("device");
        } else {
            long taken = served.slots().stream()
                    .flatMap(slot -> slot.models().stream())
                    .mapToLong(WorkerStatus.Loaded::deviceBytes)
                    .sum();
            json.putObject("device")
                    .put("name", device.name())
                    .put("memory_bytes", device.memoryBytes())
                    .put("models_bytes", taken);
        }
        json.put("slots_total", served.slots().size());
        json.put("slots_busy", served.slots().stream().filter(slot -> slot.job() != null).count());
        ArrayNode slots = json.putArray("slots");
        served.slots().forEach(slot -> slots.add(slot(slot, caller)));
        return json;
    }

    private static ObjectNode slot(WorkerStatus.Slot slot, AccountId caller) {
        WorkerStatus.Running job = slot.job();
        String state = job != null ? "busy" : slot.problem() == null ? "free" : "not_ready";
        ObjectNode json = Json.object().put("name", slot.name()).put("state", state);
        if (job == null) {
            json.putNull("job");
        } else {
            json.set("job", job(job, caller));
        }
        ArrayNode models = json.putArray("models");
        for (WorkerStatus.Loaded model : slot.models()) {
            models.addObject()
                    .put("name", model.model())
                    .put("state", model.state())
                    .put("setup_time", model.setupSeconds())
                    .put("device_bytes", model.deviceBytes())
                    .put("warm", model.warm());
        }
        return json;
    }

    private static ObjectNode job(WorkerStatus.Running job, AccountId caller) {
        ObjectNode json = Json.object().put("since", job.since() == null ? null : job.since().toString());
        if (job.account().equals(caller)) {
            json.put("prediction", job.prediction().value())
                    .put("model", job.model().toString())
                    .put("round", job.round());
        }
        return json;
    }
}
