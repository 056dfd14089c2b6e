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
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which models are to be kept set up: those that deployments with {@code min_instances} want, and those in Cog servers that the
 * operator names. Knows nothing until both the catalogue and the deployments have been read: on the way there are releases that
 * are long over. Safe for any thread; {@link #of} costs a look into a map.
 */
public final class KeptModels {

    /** What it is made of. */
    public enum Source {
        CATALOGUE,
        DEPLOYMENTS
    }

    private static final Set<String> NONE = Set.of();

    private final Set<ModelName> always;
    private final Map<ModelName, Model> models = new HashMap<>();
    private final Map<DeploymentName, Deployment.Release> deployments = new HashMap<>();
    private final Set<Source> unread = EnumSet.allOf(Source.class);
    private volatile Map<HardwareClass, Set<String>> kept = Map.of();
    private Runnable listener = () -> {};

    /** @param always models of the catalogue whose newest version is kept whatever deployments want, if it is in a Cog server */
    public KeptModels(Set<ModelName> always) {
        this.always = Set.copyOf(always);
    }

    /** Calls this whenever something may have changed, on the thread that told it. It must not block. */
    public synchronized void listen(Runnable changed) {
        listener = changed;
    }

    /** Built-in ones by the names that runners use; the same object as long as nothing changes. */
    public Set<String> of(HardwareClass hardware) {
        return kept.getOrDefault(hardware, NONE);
    }

    /** A model as it is now. */
    public synchronized void follow(Model model) {
        models.put(model.name(), model);
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
        listener.run();
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

    /**
     * Those in Cog servers.
     *
     * @param served the classes of this machine; a model that the operator names is kept for the first of its own among them
     */
    public synchronized Set<KeptServer> servers(Collection<HardwareClass> served) {
        Set<KeptServer> servers = new HashSet<>();
        if (!unread.isEmpty()) {
            return servers;
        }
        for (Deployment.Release release : deployments.values()) {
            Runner runner = inCog(runner(release));
            if (release.minInstances() > 0 && runner != null && served.contains(release.hardware())) {
                servers.add(new KeptServer(runner, release.hardware(), false));
            }
        }
        for (ModelName name : always) {
            Model model = models.get(name);
            Runner runner = cogRunner(model);
            if (model != null && runner != null) {
                model.hardware().stream()
                        .filter(served::contains)
                        .findFirst()
                        .ifPresent(hardware -> servers.add(new KeptServer(runner, hardware, true)));
            }
        }
        return servers;
    }

    /** Those that the operator names and that are not in the catalogue, or not in a Cog server; empty until it has been read. */
    public synchronized Set<ModelName> unknown() {
        return unread.contains(Source.CATALOGUE)
                ? Set.of()
                : always.stream().filter(name -> cogRunner(models.get(name)) == null).collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable Runner cogRunner(@Nullable Model model) {
        return model == null || model.versions().isEmpty() ? null : inCog(model.latest().runner());
    }

    private static @Nullable Runner inCog(@Nullable Runner runner) {
        return runner instanceof Runner.Builtin ? null : runner;
    }

    private @Nullable Runner runner(Deployment.Release release) {
        Model model = models.get(release.model());
        return model == null ? null : model.version(release.version()).map(ModelVersion::runner).orElse(null);
    }
}
