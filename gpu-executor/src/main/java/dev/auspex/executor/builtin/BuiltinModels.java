package dev.auspex.executor.builtin;

import dev.auspex.executor.hardware.Hardware;
import dev.auspex.model.Model;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.ModelRegistration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** The models on this executor's class path, found with {@link ServiceLoader}. Immutable; safe for any thread. */
public final class BuiltinModels {

    /** Who owns built-in models in the catalogue. */
    public static final String OWNER = "auspex";

    private final Map<String, Model<?>> byName;

    /** @throws IllegalStateException if two models have one name */
    public BuiltinModels(Iterable<? extends Model<?>> models) {
        Map<String, Model<?>> found = new LinkedHashMap<>();
        for (Model<?> model : models) {
            if (found.put(model.info().name(), model) != null) {
                throw new IllegalStateException("two built-in models are called " + model.info().name());
            }
        }
        this.byName = Map.copyOf(found);
    }

    /** All there are. */
    public static BuiltinModels load() {
        List<Model<?>> models = ServiceLoader.load(Model.class).stream()
                .<Model<?>>map(ServiceLoader.Provider::get)
                .toList();
        return new BuiltinModels(models);
    }

    /**
     * What the catalogue is told, by the model's short name: for executors, which publish it, and for catalogue files,
     * whose entries give a built-in model another name.
     *
     * @param classes the hardware classes an executor serves, best first
     */
    public static Map<String, ModelRegistration> registrations(List<HardwareClass> classes) {
        return load().registrationsFor(classes);
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
