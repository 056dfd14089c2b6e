package dev.auspex.executor.models.render;

import dev.auspex.executor.cuda.CudaEvent;
import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.DeviceSlab;
import dev.auspex.executor.cuda.PinnedMemory;
import java.nio.ByteBuffer;
import jcuda.driver.CUdeviceptr;
import org.jspecify.annotations.Nullable;

/**
 * Room for one piece of work on its way: what the kernels need goes up, what they made comes down. Pinned memory holds both,
 * one after the other; the pieces in device memory belong to the renderer's slab. The streams' owner thread.
 */
public final class RoundTrip implements AutoCloseable {

    private static final int LEAST_PINNED = 1 << 16;

    private final CudaEvent computed = new CudaEvent();
    private final CudaEvent copied = new CudaEvent();
    private @Nullable PinnedMemory pinned;
    private CUdeviceptr input = new CUdeviceptr();
    private CUdeviceptr output = new CUdeviceptr();
    private int upBytes;
    private int downBytes;
    private byte[] target = new byte[0];

    /** Not sized yet. */
    public RoundTrip() {}

    /** What it takes from a slab. */
    public static long deviceBytes(int upBytes, int downBytes) {
        return DeviceSlab.aligned(upBytes) + DeviceSlab.aligned(downBytes);
    }

    /**
     * Makes room; pinned memory is kept from job to job and only grows.
     *
     * @param upBytes the most that goes up
     * @param downBytes the most that comes down
     */
    public void resize(int upBytes, int downBytes, DeviceSlab slab) {
        this.upBytes = Math.toIntExact(DeviceSlab.aligned(upBytes));
        this.downBytes = downBytes;
        int needed = Math.max(LEAST_PINNED, Math.addExact(this.upBytes, downBytes));
        PinnedMemory old = pinned;
        if (old == null || old.bytes().capacity() < needed) {
            pinned = null;
            if (old != null) {
                old.close();
            }
            pinned = new PinnedMemory(needed);
        }
        input = slab.take(upBytes);
        output = slab.take(downBytes);
    }

    /** Device memory for what goes up. */
    public CUdeviceptr input() {
        return input;
    }

    /** Device memory for what comes down. */
    public CUdeviceptr output() {
        return output;
    }

    private PinnedMemory staging() {
        PinnedMemory memory = pinned;
        if (memory == null) {
            throw new IllegalStateException("not sized yet");
        }
        return memory;
    }

    /** Where to put what goes up; not before the last round trip was awaited. */
    public ByteBuffer up() {
        return staging().bytes().slice(0, upBytes).order(java.nio.ByteOrder.nativeOrder());
    }

    /** Queues the copy of the first bytes of {@link #up}. */
    public void upload(CudaStream stream, long bytes) {
        stream.upload(staging(), 0, input, bytes);
    }

    /** Queues the copy back, after what {@code compute} has been given so far. */
    public void download(CudaStream compute, CudaStream copy, byte[] into, int bytes) {
        if (bytes > downBytes) {
            throw new IllegalArgumentException(bytes + " bytes of " + downBytes);
        }
        target = into;
        compute.record(computed);
        copy.await(computed);
        copy.download(output, staging(), upBytes, bytes);
        copy.record(copied);
    }

    /** Waits until the copy is there and fills the target with its first bytes. */
    public void await(int bytes) {
        copied.await();
        staging().bytes().get(upBytes, target, 0, bytes);
    }

    @Override
    public void close() {
        if (pinned != null) {
            pinned.close();
        }
        copied.close();
        computed.close();
    }
}
