package dev.auspex.gateway.domain;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.catalog.Model;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The models that an account can see at one moment; others are simply not there. Immutable; safe for any thread.
 *
 * @param catalogue all models
 * @param account who looks
 */
public record VisibleModels(Catalogue catalogue, AccountId account) {

    /** The model of that name. */
    public Optional<Model> model(ModelName name) {
        return catalogue.model(name).filter(model -> model.isVisibleTo(account));
    }

    /** All of them, in no order. */
    public List<Model> models() {
        return catalogue.models().stream().filter(model -> model.isVisibleTo(account)).toList();
    }

    /**
     * The newest version of a model.
     *
     * @throws ApiException 404 if there is no such model, 422 if it has no version
     */
    public PublishedVersion latest(ModelName name) {
        Model model = model(name).orElseThrow(ApiException::notFound);
        return newest(model).orElseThrow(() -> Catalogue.invalidVersion(name + " has no version yet"));
    }

    /** What a client asked for. @throws ApiException 422 if there is no such version */
    public PublishedVersion resolve(VersionRef ref) {
        Optional<PublishedVersion> found = switch (ref) {
            case VersionRef.Exact(VersionId version) -> catalogue.version(version);
            case VersionRef.Latest(ModelName name) -> model(name).flatMap(this::newest);
            case VersionRef.Pinned(ModelName name, VersionId version) ->
                catalogue.version(version).filter(candidate -> candidate.model().name().equals(name));
        };
        return found.filter(version -> version.model().isVisibleTo(account)).orElseThrow(() -> Catalogue.invalidVersion(
                "the specified version does not exist (or you don't have permission to run it)"));
    }

    private Optional<PublishedVersion> newest(Model model) {
        return model.versions().isEmpty() ? Optional.empty() : catalogue.version(model.latest().id());
    }

    /** Whether a model can run on a class, and this installation has it. */
    public boolean canRun(Model model, HardwareClass hardware) {
        return catalogue.canRun(model, hardware);
    }

    /** The models that executors registered for what is built into them, by the name that a runner uses. */
    public Map<String, Model> builtins() {
        Map<String, Model> builtins = new TreeMap<>();
        for (Model model : catalogue.models()) {
            if (model.profile() == null && model.latest().runner() instanceof Runner.Builtin(String builtin)) {
                builtins.putIfAbsent(builtin, model);
            }
        }
        return builtins;
    }

    /** How many models this account has made. */
    public long made() {
        return catalogue.models().stream()
                .filter(model -> model.profile() != null && model.profile().account().equals(account))
                .count();
    }
}
