package dev.auspex.gateway.domain;

import dev.auspex.gateway.domain.ApiException.InvalidField;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelVersion;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All models at one moment. Immutable; safe for any thread. */
public final class Catalogue {

    /** Without any model. */
    public static final Catalogue EMPTY = new Catalogue(Map.of(), Map.of(), Set.of());

    private final Map<ModelName, Model> models;
    private final Map<VersionId, PublishedVersion> versions;
    private final Set<HardwareClass> available;

    private Catalogue(
            Map<ModelName, Model> models, Map<VersionId, PublishedVersion> versions, Set<HardwareClass> available) {
        this.models = models;
        this.versions = versions;
        this.available = available;
    }

    /**
     * A catalogue of these models that keeps what an earlier one has compiled.
     *
     * @param available the hardware classes of this installation
     */
    @SuppressWarnings("ReferenceEquality")
    public static Catalogue of(Collection<Model> models, Set<HardwareClass> available, Catalogue earlier) {
        Map<ModelName, Model> byName = new HashMap<>();
        Map<VersionId, PublishedVersion> byVersion = new HashMap<>();
        for (Model model : models) {
            byName.put(model.name(), model);
            HardwareClass hardware = preferred(model, available);
            for (ModelVersion version : model.versions()) {
                PublishedVersion known = earlier.versions.get(version.id());
                // The same object, not an equal one: comparing every schema at every change would take its time.
                byVersion.put(version.id(), known != null && known.model() == model
                        ? known
                        : new PublishedVersion(model, version, hardware, known == null ? null : known.compiled()));
            }
        }
        return new Catalogue(Map.copyOf(byName), Map.copyOf(byVersion), Set.copyOf(available));
    }

    private static @Nullable HardwareClass preferred(Model model, Set<HardwareClass> available) {
        for (HardwareClass hardware : model.hardware()) {
            if (available.contains(hardware)) {
                return hardware;
            }
        }
        return null;
    }

    /** The model of that name. */
    public Optional<Model> model(ModelName name) {
        return Optional.ofNullable(models.get(name));
    }

    /** The newest version of a model; empty if there is no such model. */
    public Optional<PublishedVersion> latest(ModelName name) {
        Model model = models.get(name);
        return model == null ? Optional.empty() : Optional.ofNullable(versions.get(model.latest().id()));
    }

    /** What a client asked for. @throws ApiException 422 if there is no such version */
    public PublishedVersion resolve(VersionRef ref) {
        Optional<PublishedVersion> found = switch (ref) {
            case VersionRef.Exact(VersionId version) -> Optional.ofNullable(versions.get(version));
            case VersionRef.Latest(ModelName model) -> latest(model);
            case VersionRef.Pinned(ModelName model, VersionId version) ->
                Optional.ofNullable(versions.get(version)).filter(candidate -> candidate.model().name().equals(model));
        };
        return found.orElseThrow(() -> invalidVersion(
                "the specified version does not exist (or you don't have permission to run it)"));
    }

    /** Whether a model can run on a class, and this installation has it. */
    public boolean canRun(Model model, HardwareClass hardware) {
        return model.hardware().contains(hardware) && available.contains(hardware);
    }

    /** All models, in no order. */
    public Collection<Model> models() {
        return models.values();
    }

    /** A 422 of the kind "invalid version" that names the field. */
    static ApiException invalidVersion(String detail) {
        return new ApiException(
                ApiError.INVALID_VERSION, detail, List.of(new InvalidField("invalid_version", "version", detail)));
    }
}
