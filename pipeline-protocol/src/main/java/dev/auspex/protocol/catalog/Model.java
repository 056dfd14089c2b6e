package dev.auspex.protocol.catalog;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.DefaultLimits;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.VersionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model of the catalogue: the value of a {@code catalog} record, keyed by {@code owner/name}. Only the router writes
 * it. A model without a profile comes from executors or a catalogue file: everybody sees it and nobody changes it through
 * the API.
 *
 * @param name the model
 * @param description one line for people
 * @param hardware the classes it runs on, best first
 * @param createdAt when it was first registered
 * @param versions newest first; at least one, unless there is a profile
 * @param limits what predictions of it are allowed; records without them have the default ones
 * @param profile what it has if it was made through the API; else {@code null}
 */
public record Model(
        ModelName name,
        String description,
        List<HardwareClass> hardware,
        Instant createdAt,
        List<ModelVersion> versions,
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = DefaultLimits.class) JobLimits limits,
        @Nullable ModelProfile profile) {

    /** How many versions a model keeps; older ones leave the catalogue. */
    public static final int MAX_VERSIONS = 50;

    private static final HardwareClass CPU = new HardwareClass("cpu");

    /** @throws IllegalArgumentException without a version or a hardware class */
    @SuppressWarnings("NullAway") // Jackson passes null for what is missing
    public Model {
        limits = limits == null ? JobLimits.DEFAULT : limits;
        hardware = List.copyOf(hardware);
        versions = List.copyOf(versions);
        if (hardware.isEmpty() || (versions.isEmpty() && profile == null)) {
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
                registration.limits() == null ? JobLimits.DEFAULT : registration.limits(),
                null);
    }

    /**
     * What a change through the API makes of a model.
     *
     * @param name the model
     * @param before the model as it is; {@code null} if there is none
     * @param order who wants what
     * @return empty if it may not be: the model is somebody else's, or new and the change does not say everything
     */
    public static Optional<Model> after(ModelName name, @Nullable Model before, Order order) {
        ModelChange change = order.change();
        ModelProfile old = before == null ? null : before.profile;
        if (before != null && (old == null || !old.account().equals(order.account()))) {
            return Optional.empty();
        }
        List<HardwareClass> hardware = pick(change.hardware(), before == null ? null : before.hardware);
        Visibility visibility = pick(change.visibility(), old == null ? null : old.visibility());
        if (hardware == null || hardware.isEmpty() || visibility == null) {
            return Optional.empty();
        }
        ModelPage page = old == null ? ModelPage.EMPTY : old.page();
        return Optional.of(new Model(
                name,
                description(before, change),
                hardware,
                before == null ? order.at() : before.createdAt,
                versions(name, before, order),
                before == null ? JobLimits.DEFAULT : before.limits,
                new ModelProfile(
                        order.account(),
                        visibility,
                        change.page() == null ? page : page.with(change.page()),
                        order.changeId())));
    }

    /**
     * An account's wish.
     *
     * @param change what is to be different
     * @param changeId names the request
     * @param at when it was made
     */
    public record Order(AccountId account, ModelChange change, String changeId, Instant at) {}

    private static List<ModelVersion> versions(ModelName name, @Nullable Model before, Order order) {
        List<ModelVersion> known = before == null ? List.of() : before.versions;
        ModelChange.Version wanted = order.change().version();
        if (wanted == null) {
            return known;
        }
        VersionId id = ModelVersion.idOf(name, wanted.runner(), wanted.openapiSchema());
        if (known.stream().anyMatch(version -> version.id().equals(id))) {
            return known;
        }
        List<ModelVersion> all = new ArrayList<>(known);
        all.addFirst(new ModelVersion(id, order.at(), wanted.runner(), wanted.openapiSchema()));
        return all.size() > MAX_VERSIONS ? all.subList(0, MAX_VERSIONS) : all;
    }

    private static String description(@Nullable Model before, ModelChange change) {
        String known = before == null ? "" : before.description;
        return change.description() == null ? known : change.description();
    }

    private static <T> @Nullable T pick(@Nullable T wanted, @Nullable T known) {
        return wanted == null ? known : wanted;
    }

    /**
     * This model without one of its versions; predictions of it that are under way go on.
     *
     * @return empty if it may not be: the model is not this account's, or has no such version
     */
    public Optional<Model> without(VersionId id, AccountId account, String changeId) {
        if (profile == null || !profile.account().equals(account) || version(id).isEmpty()) {
            return Optional.empty();
        }
        List<ModelVersion> left = versions.stream().filter(version -> !version.id().equals(id)).toList();
        ModelProfile changed = new ModelProfile(account, profile.visibility(), profile.page(), changeId);
        return Optional.of(new Model(name, description, hardware, createdAt, left, limits, changed));
    }

    /** Whether an account may remove it: it is its own and nothing of it is left. */
    public boolean isRemovableBy(AccountId account) {
        return profile != null && profile.account().equals(account) && versions.isEmpty();
    }

    /** Whether an account knows that it exists. */
    public boolean isVisibleTo(AccountId account) {
        return profile == null || profile.visibility() == Visibility.PUBLIC || profile.account().equals(account);
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
                registration.limits() == null ? limits : registration.limits(),
                profile);
    }

    /** The newest version. @throws java.util.NoSuchElementException if there is none */
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
