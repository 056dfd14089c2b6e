package dev.auspex.executor.domain;

import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelVersion;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which built-in models deployments with {@code min_instances} want kept set up, by hardware class. Knows nothing until both
 * the catalogue and the deployments have been read: on the way there are releases that are long over. Safe for any thread;
 * {@link #of} costs a look into a map.
 */
public final class KeptModels {

    /** What it is made of. */
    public enum Source {
        CATALOGUE,
        DEPLOYMENTS
    }

    private static final Set<String> NONE = Set.of();

    private final Map<ModelName, Collection<ModelVersion>> models = new HashMap<>();
    private final Map<DeploymentName, Deployment.Release> deployments = new HashMap<>();
    private final Set<Source> unread = EnumSet.allOf(Source.class);
    private volatile Map<HardwareClass, Set<String>> kept = Map.of();

    /** Names that runners use; the same object as long as nothing changes. */
    public Set<String> of(HardwareClass hardware) {
        return kept.getOrDefault(hardware, NONE);
    }

    /** A model as it is now. */
    public synchronized void follow(Model model) {
        models.put(model.name(), model.versions());
        publish();
    }

    /** A model has gone. */
    public synchronized void forget(ModelName model) {
        models.remove(model);
        publish();
    }

    /** A deployment as it is now. */
    public synchronized void follow(Deployment deployment) {
        deployments.put(deployment.name(), deployment.release());
        publish();
    }

    /** A deployment has gone. */
    public synchronized void forget(DeploymentName deployment) {
        deployments.remove(deployment);
        publish();
    }

    /** Everything that was there at the start has been told. */
    public synchronized void read(Source source) {
        unread.remove(source);
        publish();
    }

    private void publish() {
        if (!unread.isEmpty()) {
            return;
        }
        Map<HardwareClass, Set<String>> wanted = new HashMap<>();
        for (Deployment.Release release : deployments.values()) {
            if (release.minInstances() > 0 && runner(release) instanceof Runner.Builtin(String name)) {
                wanted.computeIfAbsent(release.hardware(), hardware -> new TreeSet<>()).add(name);
            }
        }
        Map<HardwareClass, Set<String>> before = kept;
        Map<HardwareClass, Set<String>> after = new HashMap<>();
        wanted.forEach((hardware, names) -> {
            Set<String> known = before.getOrDefault(hardware, NONE);
            after.put(hardware, known.equals(names) ? known : Set.copyOf(names));
        });
        kept = Map.copyOf(after);
    }

    private @Nullable Runner runner(Deployment.Release release) {
        return models.getOrDefault(release.model(), Set.of()).stream()
                .filter(version -> version.id().equals(release.version()))
                .map(ModelVersion::runner)
                .findFirst()
                .orElse(null);
    }
}
