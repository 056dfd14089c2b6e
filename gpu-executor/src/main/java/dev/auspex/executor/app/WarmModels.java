package dev.auspex.executor.app;

import dev.auspex.executor.builtin.BuiltinModels;
import dev.auspex.executor.hardware.Hardware;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The models that the operator wants warm: built-in ones by the names that runners use, those in Cog servers by their names in
 * the catalogue. Immutable.
 *
 * @param wanted as they are set
 * @param models what is built in
 */
record WarmModels(List<String> wanted, BuiltinModels models) {

    /** What is set. */
    static WarmModels of(Settings settings, BuiltinModels models) {
        return new WarmModels(settings.get(Keys.EXECUTOR_WARM), models);
    }

    /** @throws ConfigException if a name is neither a built-in model's nor can be a catalogue's */
    void check() {
        List<String> unknown = wanted.stream()
                .filter(name -> models.find(name).isEmpty() && ModelName.parse(name).isEmpty())
                .toList();
        if (!unknown.isEmpty()) {
            throw new ConfigException("executor.warm (AUSPEX_EXECUTOR_WARM): there is no model " + unknown);
        }
    }

    /** Of the catalogue. */
    Set<ModelName> published() {
        return wanted.stream()
                .filter(name -> models.find(name).isEmpty())
                .flatMap(name -> ModelName.parse(name).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Built-in ones of a class: a model that uses a device is warm where the device is, every other one on cpu. */
    Set<String> builtin(Hardware hardware, HardwareClass served) {
        return wanted.stream()
                .filter(name -> models.find(name)
                        .map(model -> hardware.gpu().isEmpty()
                                || model.info().gpu() == hardware.gpuOf(served).isPresent())
                        .orElse(false))
                .collect(Collectors.toUnmodifiableSet());
    }
}
