package dev.auspex.executor.hardware;

import dev.auspex.model.ModelEnvironment.GpuDevice;
import java.util.Optional;

/** Looks for a GPU this process may use. */
@FunctionalInterface
public interface GpuProbe {

    /** Looks once; never throws. */
    Detection detect();

    /**
     * What was found.
     *
     * @param gpu the device; empty if there is none
     * @param reason a sentence for the log: which driver answered, or why there is no device
     */
    record Detection(Optional<GpuDevice> gpu, String reason) {}

    /** No device, whatever the machine has. */
    static GpuProbe none(String reason) {
        return () -> new Detection(Optional.empty(), reason);
    }
}
