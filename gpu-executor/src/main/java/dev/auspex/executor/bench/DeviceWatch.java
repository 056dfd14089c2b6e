package dev.auspex.executor.bench;

import dev.auspex.executor.cuda.CudaDevice;
import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.KernelClock;
import dev.auspex.model.ModelEnvironment.GpuDevice;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How much of the time a device works: kernels of all threads of this process. One platform thread. */
final class DeviceWatch implements AutoCloseable {

    private final @Nullable CudaDevice device;
    private final @Nullable CudaStream stream;

    private DeviceWatch(@Nullable CudaDevice device) {
        this.device = device;
        if (device != null) {
            device.use();
        }
        this.stream = device == null ? null : new CudaStream();
    }

    /** Without a device everything is measured but this. */
    static DeviceWatch of(Optional<GpuDevice> gpu) {
        return new DeviceWatch(gpu.map(found -> CudaDevice.open(found.ordinal())).orElse(null));
    }

    /** What is watched. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /**
     * What a device did.
     *
     * @param busy the share of the time in which at least one kernel ran; not a number without a device
     * @param kernels which ones
     */
    record Usage(double busy, Map<String, KernelClock.Kernel> kernels) {

        /** Without a device. */
        static final Usage NONE = new Usage(Double.NaN, Map.of());

        /** Copies the map. */
        Usage {
            kernels = Map.copyOf(kernels);
        }

        /** Each kernel with its launches and what one takes, in milliseconds. */
        String text() {
            return new TreeMap<>(kernels).entrySet().stream()
                    .map(each -> String.format(Locale.ROOT, "%s %d x %.3f", each.getKey(), each.getValue().launches(), 1e3 * each.getValue().seconds() / each.getValue().launches()))
                    .collect(Collectors.joining(", "));
        }
    }

    /** Does some work. */
    Usage during(Work work) throws Exception {
        CudaDevice used = device;
        CudaStream marked = stream;
        if (used == null || marked == null) {
            work.run();
            return Usage.NONE;
        }
        used.use();
        try (KernelClock clock = KernelClock.start(marked)) {
            long start = System.nanoTime();
            work.run();
            double seconds = (System.nanoTime() - start) / 1e9;
            used.use();
            KernelClock.Reading read = clock.read();
            return new Usage(read.busySeconds() / seconds, read.kernels());
        }
    }

    @Override
    public void close() {
        if (stream != null) {
            stream.close();
        }
    }
}
