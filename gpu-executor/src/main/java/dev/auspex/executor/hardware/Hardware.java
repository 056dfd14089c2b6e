package dev.auspex.executor.hardware;

import dev.auspex.model.ModelEnvironment.GpuDevice;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.lifecycle.NotYetException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What this executor serves.
 *
 * @param classes the classes whose jobs it takes, its GPU's first
 * @param gpu the device behind the GPU class; empty without one
 * @param reason a sentence for the log
 */
public record Hardware(List<HardwareClass> classes, Optional<GpuDevice> gpu, String reason) {

    /** Jobs that need no GPU. */
    public static final HardwareClass CPU = new HardwareClass("cpu");

    private static final String AUTO = "auto";
    private static final Map<String, String> CLASS_BY_NAME = Map.of(
            "H200", "gpu-h200", "H100", "gpu-h100", "A100", "gpu-a100-large", "L40S", "gpu-l40s", "T4", "gpu-t4");

    /** Copies the classes. */
    public Hardware {
        classes = List.copyOf(classes);
    }

    /**
     * Decides once at start. {@code auto} serves the GPU's class and {@code cpu}, so that a machine by itself runs every
     * model; a named class is served alone.
     *
     * @throws ConfigException for a class that does not exist here
     * @throws NotYetException for a GPU class without a GPU, whose driver may still be loading
     */
    public static Hardware choose(String wanted, List<HardwareClass> configured, GpuProbe probe) {
        if (CPU.value().equals(wanted)) {
            return new Hardware(List.of(known(wanted, configured)), Optional.empty(), "executor.hardware says cpu");
        }
        GpuProbe.Detection found = probe.detect();
        if (!AUTO.equals(wanted)) {
            HardwareClass named = known(wanted, configured);
            if (found.gpu().isEmpty()) {
                throw new NotYetException("executor.hardware (AUSPEX_EXECUTOR_HARDWARE): is '" + wanted
                        + "', but there is no usable GPU: " + found.reason());
            }
            return new Hardware(List.of(named), found.gpu(), "executor.hardware says " + wanted);
        }
        Optional<HardwareClass> gpuClass = found.gpu().flatMap(gpu -> classOf(gpu, configured));
        if (gpuClass.isEmpty()) {
            return new Hardware(List.of(known(CPU.value(), configured)), Optional.empty(), found.gpu()
                    .map(gpu -> gpu.name() + " found, but no GPU class is configured")
                    .orElse("no GPU: " + found.reason()));
        }
        List<HardwareClass> classes =
                configured.contains(CPU) ? List.of(gpuClass.get(), CPU) : List.of(gpuClass.get());
        return new Hardware(classes, found.gpu(), found.gpu().orElseThrow().name() + " found: " + found.reason());
    }

    /** Whether the class has the device; the others run as on a machine without one. */
    public Optional<GpuDevice> gpuOf(HardwareClass hardware) {
        return hardware.equals(CPU) ? Optional.empty() : gpu;
    }

    private static Optional<HardwareClass> classOf(GpuDevice gpu, List<HardwareClass> configured) {
        List<String> words = List.of(gpu.name().toUpperCase(Locale.ROOT).split("[^A-Z0-9]+"));
        return CLASS_BY_NAME.entrySet().stream()
                .filter(entry -> words.contains(entry.getKey()))
                .map(entry -> new HardwareClass(entry.getValue()))
                .filter(configured::contains)
                .findFirst()
                .or(() -> configured.stream().filter(hardware -> !hardware.equals(CPU)).findFirst());
    }

    private static HardwareClass known(String name, List<HardwareClass> configured) {
        return configured.stream()
                .filter(hardware -> hardware.value().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("executor.hardware (AUSPEX_EXECUTOR_HARDWARE): is '" + name
                        + "', expected auto or one of hardware.classes " + configured));
    }
}
