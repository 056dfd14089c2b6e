package dev.auspex.model;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a model runs.
 *
 * @param hardware the hardware class of this executor, such as {@code cpu}
 * @param gpu the device; empty on a machine without one
 * @param ffmpeg the ffmpeg executable
 */
public record ModelEnvironment(String hardware, Optional<GpuDevice> gpu, Path ffmpeg) {

    /**
     * A CUDA device of this process.
     *
     * @param ordinal its number within the process
     * @param name as the driver reports it
     * @param memoryBytes its total memory
     */
    public record GpuDevice(int ordinal, String name, long memoryBytes) {}
}
