package dev.auspex.gateway.domain;

import dev.auspex.gateway.domain.ApiException.InvalidField;
import dev.auspex.protocol.AccountId;
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

/** All models at one moment; what of them an account sees is {@link VisibleModels}. Immutable; safe for any thread. */
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

    /** What there is for an account. */
    public VisibleModels seenBy(AccountId account) {
        return new VisibleModels(this, account);
    }

    /** The model of that name, whoever may see it. */
    public Optional<Model> model(ModelName name) {
        return Optional.ofNullable(models.get(name));
    }

    /** All models, in no order, whoever may see them. */
    Collection<Model> models() {
        return models.values();
    }

    /** The version of that id, whoever may see it. */
    Optional<PublishedVersion> version(VersionId id) {
        return Optional.ofNullable(versions.get(id));
    }

    /** Whether a model can run on a class, and this installation has it. */
    boolean canRun(Model model, HardwareClass hardware) {
        return model.hardware().contains(hardware) && available.contains(hardware);
    }

    /** A 422 of the kind "invalid version" that names the field. */
    static ApiException invalidVersion(String detail) {
        return new ApiException(
                ApiError.INVALID_VERSION, detail, List.of(new InvalidField("invalid_version", "version", detail)));
    }
}
