package dev.auspex.executor.cuda;

import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Device memory taken in one piece and handed out from its start; given back all together. Taking and freeing device memory
 * stops the whole device, so a slot keeps its slab from job to job and only grows it. One owner thread.
 */
public final class DeviceSlab implements AutoCloseable {

    private static final long ALIGNMENT = 256;

    private @Nullable CUdeviceptr memory;
    private long size;
    private long used;

    /** What a piece of this size takes from a slab. */
    public static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /**
     * Forgets what was handed out and makes sure there is room. The device must not be using the slab.
     *
     * @throws CudaException with {@link CudaFault#OUT_OF_MEMORY} when there is not that much; the slab is empty then
     */
    public void reset(long bytes) {
        used = 0;
        if (bytes <= size) {
            return;
        }
        close();
        CUdeviceptr fresh = new CUdeviceptr();
        CudaException.check(JCudaDriver.cuMemAlloc(fresh, bytes), "taking " + bytes + " bytes of device memory");
        memory = fresh;
        size = bytes;
    }

    /** Hands out a piece. */
    public CUdeviceptr take(long bytes) {
        CUdeviceptr start = memory;
        if (start == null || used + bytes > size) {
            throw new IllegalStateException("the slab has %d bytes, %d are used, %d more were asked for".formatted(size, used, bytes));
        }
        CUdeviceptr piece = start.withByteOffset(used);
        used += aligned(bytes);
        return piece;
    }

    @Override
    public void close() {
        CUdeviceptr old = memory;
        memory = null;
        size = 0;
        if (old != null) {
            CudaException.check(JCudaDriver.cuMemFree(old), "giving device memory back");
        }
    }
}
