package dev.auspex.executor.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** Host memory that the device can copy from and to while the processor works. Below 2 GiB. One owner thread. */
public final class PinnedMemory implements AutoCloseable {

    private final Pointer pointer = new Pointer();
    private final ByteBuffer bytes;

    /** @throws CudaException with {@link CudaFault#OUT_OF_MEMORY} when there is not that much */
    public PinnedMemory(int size) {
        CudaException.check(JCudaDriver.cuMemAllocHost(pointer, size), "taking " + size + " bytes of pinned memory");
        this.bytes = pointer.getByteBuffer(0, size).order(ByteOrder.nativeOrder());
    }

    /** A view of everything; not to be touched while a copy runs, nor after {@link #close}. */
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.nativeOrder());
    }

    Pointer pointer(long offset) {
        return pointer.withByteOffset(offset);
    }

    @Override
    public void close() {
        CudaException.check(JCudaDriver.cuMemFreeHost(pointer), "giving pinned memory back");
    }
}
