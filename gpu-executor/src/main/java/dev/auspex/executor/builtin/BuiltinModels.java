package dev.auspex.executor.builtin;

import dev.auspex.executor.hardware.Hardware;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The models of an executor, found with {@link ServiceLoader}: those on its class path and those in a folder of jars.
 * Immutable; safe for any thread.
 */
public final class BuiltinModels {

    /** Who owns built-in models in the catalogue. */
    public static final String OWNER = "auspex";

    private final Map<String, Model<?>> byName;

    /** @throws ConfigException if two models have one name */
    public BuiltinModels(Iterable<? extends Model<?>> models) {
        Map<String, Model<?>> found = new LinkedHashMap<>();
        for (Model<?> model : models) {
            if (found.put(model.info().name(), model) != null) {
                throw new ConfigException("two models are called '" + model.info().name() + "'");
            }
        }
        this.byName = Map.copyOf(found);
    }

    /**
     * All there are.
     *
     * @throws ConfigException if a jar in the folder of models cannot be used
     */
    public static BuiltinModels load(Settings settings) {
        List<Model<?>> models = new ArrayList<>(onClassPath());
        ModelFolder.of(settings).ifPresent(folder -> models.addAll(ModelFolder.load(folder)));
        return new BuiltinModels(models);
    }

    private static List<Model<?>> onClassPath() {
        return ServiceLoader.load(Model.class, BuiltinModels.class.getClassLoader()).stream()
                .<Model<?>>map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * What the catalogue is told, by the model's short name: for executors, which publish it, and for catalogue files,
     * whose entries give a built-in model another name.
     *
     * @param classes the hardware classes an executor serves, best first
     */
    public static Map<String, ModelRegistration> registrations(Settings settings, List<HardwareClass> classes) {
        return load(settings).registrationsFor(classes);
    }

    /** The registrations of those models that can run on one of the classes. */
    public Map<String, ModelRegistration> registrationsFor(List<HardwareClass> classes) {
        Map<String, ModelRegistration> registrations = new LinkedHashMap<>();
        byName.values().stream()
                .sorted(java.util.Comparator.comparing(model -> model.info().name()))
                .forEach(model -> {
                    List<HardwareClass> hardware = model.info().gpu()
                            ? classes
                            : classes.stream().filter(Hardware.CPU::equals).toList();
                    if (!hardware.isEmpty()) {
                        registrations.put(model.info().name(), registration(model, hardware));
                    }
                });
        return registrations;
    }

    /** What each model that uses a device says it takes there; 0 from one that does not say. */
    public List<Long> deviceBytes(ModelEnvironment environment) {
        return byName.values().stream()
                .filter(model -> model.info().gpu())
                .map(model -> Math.max(0, model.deviceBytes(environment)))
                .toList();
    }

    /** The model of that short name; empty if there is none. */
    public Optional<Model<?>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private static ModelRegistration registration(Model<?> model, List<HardwareClass> hardware) {
        String name = model.info().name();
        return new ModelRegistration(
                new ModelName(OWNER, name),
                model.info().description(),
                hardware,
                new Runner.Builtin(name),
                SchemaOf.model(model));
    }
}
