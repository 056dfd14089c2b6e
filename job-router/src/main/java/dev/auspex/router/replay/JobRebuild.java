package dev.auspex.router.replay;

import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionUrls;
import dev.auspex.protocol.Priority;
import dev.auspex.protocol.ReplayOf;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelVersion;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.replay.ReplayOverrides;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.protocol.replay.SkipReason;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.security.MasterSecret;
import dev.auspex.runtime.security.StreamToken;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Makes the new job of a replayed prediction: what was submitted from the snapshot, how to run it from the catalogue, what
 * is different from the replay. For one thread.
 */
final class JobRebuild {

    /** Room for the key, the headers and the framing of a record. */
    private static final int OVERHEAD = 16 * 1024;
    private static final int LIMIT = Topics.MAX_RECORD_BYTES - OVERHEAD;

    private final ReplayRequest request;
    private final ModelTable models;
    private final Set<HardwareClass> classes;
    private final MasterSecret secret;
    private final Mac idKey;

    /** @param classes the hardware of this installation */
    JobRebuild(ReplayRequest request, ModelTable models, List<HardwareClass> classes, MasterSecret secret) {
        this.request = request;
        this.models = models;
        this.classes = Set.copyOf(classes);
        this.secret = secret;
        this.idKey = secret.deriveMac("replay", request.id().value());
    }

    /** The id of the new prediction: the same however often it is asked for, and nobody else can compute it. */
    PredictionId newId(PredictionId original) {
        byte[] hash = idKey.doFinal(original.value().getBytes(StandardCharsets.US_ASCII));
        return PredictionId.derived(request.createdAt(), hash);
    }

    /** The new job, or why there can be none. */
    Verdict rebuild(Candidate candidate, Original original, Instant now) {
        if (original.dataRemoved()) {
            return new Verdict.Skipped(SkipReason.DATA_REMOVED, original);
        }
        // One that has become somebody else's private model is not there.
        Optional<Model> model = models.find(original.model()).filter(found -> found.isVisibleTo(request.account()));
        if (model.isEmpty()) {
            return new Verdict.Skipped(SkipReason.MODEL_UNKNOWN, original);
        }
        ReplayOverrides overrides = request.spec().overrides();
        Optional<ModelVersion> version =
                model.get().version(overrides.version() == null ? original.version() : overrides.version());
        if (version.isEmpty()) {
            return new Verdict.Skipped(SkipReason.VERSION_UNKNOWN, original);
        }
        HardwareClass hardware = hardware(candidate, model.get());
        if (hardware == null) {
            return new Verdict.Skipped(SkipReason.HARDWARE_UNKNOWN, original);
        }
        ReplayOf origin = new ReplayOf(candidate.id(), request.id());
        Job job = job(candidate, origin, original, new Way(model.get(), version.get(), hardware, now));
        byte[] value = Serdes.JOB.serialize(job);
        return value.length > LIMIT
                ? new Verdict.Skipped(SkipReason.OVERSIZE, original)
                : new Verdict.Taken(job, origin, value, original);
    }

    /** How the new job is to be run, and since when. */
    private record Way(Model model, ModelVersion version, HardwareClass hardware, Instant now) {}

    private Job job(Candidate candidate, ReplayOf origin, Original original, Way way) {
        PredictionId id = newId(candidate.id());
        String stream = way.version().isIterator()
                ? way.version().streamFolder() + StreamToken.of(secret, request.account(), id)
                : null;
        // A deployment runs the version of its release: with another version it is none of its predictions.
        DeploymentName deployment = request.spec().overrides().version() == null ? original.deployment() : null;
        Priority priority = request.spec().overrides().priority();
        return new Job(
                id,
                request.account(),
                original.model(),
                way.version().id(),
                way.version().runner(),
                way.hardware(),
                original.input(),
                Boolean.FALSE.equals(request.spec().overrides().webhook()) ? null : candidate.headers().webhook(),
                way.now(),
                original.patience() == null ? null : way.now().plus(original.patience()),
                original.source(),
                request.baseUrl(),
                PredictionUrls.of(request.baseUrl(), id, stream),
                0,
                null,
                way.model().limits(),
                origin,
                deployment,
                priority == null || deployment != null ? Priority.NORMAL : priority);
    }

    // An override has to be one of the model's classes: executors of another class may not know the model. What the
    // original ran on was right once and is kept even if the model prefers another class by now.
    private @Nullable HardwareClass hardware(Candidate candidate, Model model) {
        HardwareClass wanted = request.spec().overrides().hardware();
        if (wanted != null) {
            return classes.contains(wanted) && model.hardware().contains(wanted) ? wanted : null;
        }
        HardwareClass before = candidate.headers().hardware();
        if (before != null && classes.contains(before)) {
            return before;
        }
        return model.hardware().stream().filter(classes::contains).findFirst().orElse(null);
    }
}
