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
    private final Catalogue catalogue;
    private final Topics topics;
    private final Set<HardwareClass> classes;
    private final MasterSecret secret;
    private final Mac idKey;

    JobRebuild(ReplayRequest request, Catalogue catalogue, Topics topics, MasterSecret secret) {
        this.request = request;
        this.catalogue = catalogue;
        this.topics = topics;
        this.classes = Set.copyOf(topics.settings().hardware());
        this.secret = secret;
        this.idKey = secret.deriveMac("replay", request.id().value());
    }

    /**
     * The id of the new prediction: the same however often it is asked for, and nobody else can compute it.
     *
     * @param deployment through which it is submitted: its predictions have to be in its partition, whether it is still
     *     there or not, or the id would depend on when it was asked for; {@code null} for none
     */
    PredictionId newId(PredictionId original, @Nullable DeploymentName deployment) {
        PredictionId id = derived(original.value());
        if (deployment != null) {
            int partition = topics.partitionOf(deployment.toString());
            for (int again = 1; topics.partitionOf(id) != partition; again++) {
                id = derived(original + "/" + again);
            }
        }
        return id;
    }

    private PredictionId derived(String name) {
        return PredictionId.derived(request.createdAt(), idKey.doFinal(name.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The new job, or why there can be none. */
    Verdict rebuild(Candidate candidate, Original original, Instant now) {
        if (original.dataRemoved()) {
            return new Verdict.Skipped(SkipReason.DATA_REMOVED, original);
        }
        // One that has become somebody else's private model is not there.
        Optional<Model> model = catalogue.find(original.model()).filter(found -> found.isVisibleTo(request.account()));
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
                : new Verdict.Taken(job, origin, queue(job), value, original);
    }

    // What a deployment that has been removed made is held back by nobody.
    private String queue(Job job) {
        DeploymentName deployment = job.deployment();
        boolean held = deployment == null ? job.priority().isHeld() : catalogue.has(deployment);
        return held ? topics.heldJobs() : topics.retries(job.hardware());
    }

    /** How the new job is to be run, and since when. */
    private record Way(Model model, ModelVersion version, HardwareClass hardware, Instant now) {}

    private Job job(Candidate candidate, ReplayOf origin, Original original, Way way) {
        // A deployment runs the version of its release: with another version it is none of its predictions.
        DeploymentName deployment = request.spec().overrides().version() == null ? original.deployment() : null;
        PredictionId id = newId(candidate.id(), deployment);
        String stream = way.version().isIterator()
                ? way.version().streamFolder() + StreamToken.of(secret, request.account(), id)
                : null;
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
                priority == null || deployment != null ? Priority.NORMAL : priority,
                false);
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
