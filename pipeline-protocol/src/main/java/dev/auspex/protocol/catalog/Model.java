package dev.auspex.protocol.catalog;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.auspex.protocol.DefaultLimits;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.VersionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model of the catalogue: the value of a {@code catalog} record, keyed by {@code owner/name}. Only the router writes
 * it.
 *
 * @param name the model
 * @param description one line for people
 * @param hardware the classes it runs on, best first
 * @param createdAt when it was first registered
 * @param versions newest first; at least one
 * @param limits what predictions of it are allowed; records without them have the default ones
 */
public record Model(
        ModelName name,
        String description,
        List<HardwareClass> hardware,
        Instant createdAt,
        List<ModelVersion> versions,
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = DefaultLimits.class) JobLimits limits) {

    /** How many versions a model keeps; older ones leave the catalogue. */
    public static final int MAX_VERSIONS = 50;

    private static final HardwareClass CPU = new HardwareClass("cpu");

    /** @throws IllegalArgumentException without a version or a hardware class */
    @SuppressWarnings("NullAway") // Jackson passes null for what is missing
    public Model {
        limits = limits == null ? JobLimits.DEFAULT : limits;
        hardware = List.copyOf(hardware);
        versions = List.copyOf(versions);
        if (versions.isEmpty() || hardware.isEmpty()) {
            throw new IllegalArgumentException("a model has at least one version and one hardware class: " + name);
        }
    }

    /** A model's first registration. */
    public static Model first(ModelRegistration registration, Instant now) {
        return new Model(
                registration.name(),
                registration.description(),
                registration.hardware(),
                now,
                List.of(version(registration, now)),
                registration.limits() == null ? JobLimits.DEFAULT : registration.limits());
    }

    /**
     * This model after another registration: a new version goes to the front, a known one keeps its place and time.
     * Classes named by any registration stay, those of the newest first, because executors of different classes register
     * the same model; {@code cpu} goes last, so that a card is preferred wherever one has been seen.
     */
    public Model with(ModelRegistration registration, Instant now) {
        List<HardwareClass> classes = new ArrayList<>(registration.hardware());
        hardware.stream().filter(known -> !classes.contains(known)).forEach(classes::add);
        if (classes.size() > 1 && classes.remove(CPU)) {
            classes.addLast(CPU);
        }
        List<ModelVersion> all = new ArrayList<>(versions);
        if (version(ModelVersion.idOf(registration)).isEmpty()) {
            all.addFirst(version(registration, now));
        }
        return new Model(
                name,
                registration.description(),
                classes,
                createdAt,
                all.size() > MAX_VERSIONS ? all.subList(0, MAX_VERSIONS) : all,
                registration.limits() == null ? limits : registration.limits());
    }

    /** The newest version. */
    @JsonIgnore
    public ModelVersion latest() {
        return versions.getFirst();
    }

    /** The version of that id; empty if this model has none. */
    public Optional<ModelVersion> version(VersionId id) {
        return versions.stream().filter(version -> version.id().equals(id)).findFirst();
    }

    private static ModelVersion version(ModelRegistration registration, Instant now) {
        return new ModelVersion(
                ModelVersion.idOf(registration), now, registration.runner(), registration.openapiSchema());
    }
}
