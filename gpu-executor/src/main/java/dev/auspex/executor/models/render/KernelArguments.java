package dev.auspex.executor.models.render;

import dev.auspex.executor.cuda.CudaStream.Extent;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** Values as a kernel takes them. */
public final class KernelArguments {

    private KernelArguments() {}

    /** An {@code int}. */
    public static Pointer of(int value) {
        return Pointer.to(new int[] {value});
    }

    /** A {@code float}. */
    public static Pointer of(float value) {
        return Pointer.to(new float[] {value});
    }

    /** A pointer into device memory. */
    public static Pointer of(CUdeviceptr value) {
        return Pointer.to(value);
    }

    /** Enough blocks for one thread per sample. */
    public static Extent covering(int width, int height, Extent block) {
        return new Extent((width + block.x() - 1) / block.x(), (height + block.y() - 1) / block.y());
    }
}
