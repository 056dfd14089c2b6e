package dev.auspex.executor.cuda;

import dev.auspex.model.ModelEnvironment.GpuDevice;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/**
 * Looks for a CUDA device, once per process. The process sees the devices that {@code CUDA_VISIBLE_DEVICES} leaves it and
 * uses the first. Safe for use by many threads.
 */
public final class CudaProbe {

    /** The kernels are compiled for compute capability 7.5 (Turing) and later. */
    private static final int LEAST_CAPABILITY = 75;

    private static final int NAME_BYTES = 256;

    private CudaProbe() {}

    /** The device to use; empty when there is none, and then {@link #reason} says why. */
    public static Optional<GpuDevice> detect() {
        return Found.RESULT.device;
    }

    /** One line for the operator: which device was found, or why none can be used. */
    public static String reason() {
        return Found.RESULT.reason;
    }

    private record Result(Optional<GpuDevice> device, String reason) {}

    /** Holds the answer: the JVM starts this class at the first question, for one thread. */
    private static final class Found {
        static final Result RESULT = look();
    }

    private static Result look() {
        Optional<String> missing = DriverLibrary.load();
        if (missing.isPresent()) {
            return none(missing.get());
        }
        int started = JCudaDriver.cuInit(0);
        if (started != 0) {
            return none(CudaFault.of(started) == CudaFault.NO_DEVICE && started == 100
                    ? "an NVIDIA driver without a device (is CUDA_VISIBLE_DEVICES right?)"
                    : "the NVIDIA driver did not start: CUDA error " + CudaException.describe(started));
        }
        try {
            return first();
        } catch (CudaException failed) {
            return none(String.valueOf(failed.getMessage()));
        }
    }

    private static Result first() {
        int[] count = new int[1];
        CudaException.check(JCudaDriver.cuDeviceGetCount(count), "counting devices");
        if (count[0] == 0) {
            return none("an NVIDIA driver without a device (is CUDA_VISIBLE_DEVICES right?)");
        }
        CUdevice device = new CUdevice();
        CudaException.check(JCudaDriver.cuDeviceGet(device, 0), "opening the device");
        byte[] name = new byte[NAME_BYTES];
        CudaException.check(JCudaDriver.cuDeviceGetName(name, NAME_BYTES, device), "naming the device");
        long[] memory = new long[1];
        CudaException.check(JCudaDriver.cuDeviceTotalMem(memory, device), "measuring the device");
        GpuDevice found = new GpuDevice(0, new String(name, StandardCharsets.UTF_8).replace("\0", "").strip(), memory[0]);
        int capability = 10 * attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                + attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        if (capability < LEAST_CAPABILITY) {
            return none("%s has compute capability %d.%d; 7.5 is needed".formatted(found.name(), capability / 10, capability % 10));
        }
        return new Result(Optional.of(found), "%s, %d MB, compute capability %d.%d"
                .formatted(found.name(), found.memoryBytes() >> 20, capability / 10, capability % 10));
    }

    private static int attribute(CUdevice device, int attribute) {
        int[] value = new int[1];
        CudaException.check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "asking the device what it is");
        return value[0];
    }

    private static Result none(String reason) {
        return new Result(Optional.empty(), reason);
    }
}
