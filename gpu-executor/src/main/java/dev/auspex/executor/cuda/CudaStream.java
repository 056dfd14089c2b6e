package dev.auspex.executor.cuda;

import java.util.function.IntSupplier;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** A queue of work on the device. One owner thread, which uses the device. */
public final class CudaStream implements AutoCloseable {

    private final CUstream stream = new CUstream();
    private boolean recording;

    /** A queue that does not wait for the default one. */
    public CudaStream() {
        CudaException.check(JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "making a stream");
    }

    CUstream handle() {
        return stream;
    }

    /**
     * Queues a kernel.
     *
     * @param grid blocks in x and y
     * @param block threads of a block in x and y
     * @param parameters pointers to the kernel's parameters in order
     */
    public void launch(CudaKernel kernel, Extent grid, Extent block, Pointer... parameters) {
        timed(kernel.name(), () -> JCudaDriver.cuLaunchKernel(
                kernel.function(), grid.x(), grid.y(), 1, block.x(), block.y(), 1, 0, stream, Pointer.to(parameters), null));
    }

    void timed(String name, IntSupplier launch) {
        KernelClock clock = recording ? null : KernelClock.running();
        CUevent before = clock == null ? null : KernelClock.mark(stream);
        int code = launch.getAsInt();
        if (code != CUresult.CUDA_SUCCESS) {
            CudaException.check(code, "launching " + name);
        }
        if (clock != null && before != null) {
            clock.launched(name, before, KernelClock.mark(stream));
        }
    }

    void recording(boolean now) {
        recording = now;
    }

    /** Queues a copy from pinned memory to the device. */
    public void upload(PinnedMemory from, long fromOffset, CUdeviceptr to, long bytes) {
        CudaException.check(JCudaDriver.cuMemcpyHtoDAsync(to, from.pointer(fromOffset), bytes, stream), "copying to the device");
    }

    /** Queues a copy from the device to pinned memory. */
    public void download(CUdeviceptr from, PinnedMemory to, long toOffset, long bytes) {
        CudaException.check(JCudaDriver.cuMemcpyDtoHAsync(to.pointer(toOffset), from, bytes, stream), "copying from the device");
    }

    /** Lets what is queued from now on wait for an event. */
    public void await(CudaEvent event) {
        CudaException.check(JCudaDriver.cuStreamWaitEvent(stream, event.handle(), 0), "ordering streams");
    }

    /** Queues an event. */
    public void record(CudaEvent event) {
        CudaException.check(JCudaDriver.cuEventRecord(event.handle(), stream), "recording an event");
    }

    /** Waits until everything queued is done. */
    public void drain() {
        CudaException.check(JCudaDriver.cuStreamSynchronize(stream), "waiting for the device");
    }

    @Override
    public void close() {
        CudaException.check(JCudaDriver.cuStreamDestroy(stream), "ending a stream");
    }

    /**
     * Two counts.
     *
     * @param x along rows
     * @param y along columns
     */
    public record Extent(int x, int y) {}
}
