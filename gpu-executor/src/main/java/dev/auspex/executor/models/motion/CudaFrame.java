package dev.auspex.executor.models.motion;

import dev.auspex.executor.cuda.CudaEvent;
import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.DeviceSlab;
import dev.auspex.executor.cuda.PinnedMemory;
import dev.auspex.executor.models.render.Lanczos;
import dev.auspex.executor.video.FrameSize;
import java.nio.ByteBuffer;
import jcuda.driver.CUdeviceptr;
import org.jspecify.annotations.Nullable;

/**
 * Room for one frame on its way: mesh and filter go in, pixels come out. Pinned memory holds, one after the other, mesh,
 * filter and pixels; pieces in device memory belong to the renderer's slab.
 */
final class CudaFrame implements AutoCloseable {

    private static final int WEIGHT_BYTES = Float.BYTES * (Lanczos.PHASES + 1) * Lanczos.MAX_TAPS;

    /** Pictures are uploaded through this memory too: small frames get enough of it for that to be quick. */
    private static final int LEAST_PINNED = 4 << 20;

    private final CudaEvent computed = new CudaEvent();
    private final CudaEvent copied = new CudaEvent();
    private @Nullable PinnedMemory pinned;
    private CUdeviceptr mesh = new CUdeviceptr();
    private CUdeviceptr weights = new CUdeviceptr();
    private CUdeviceptr pixels = new CUdeviceptr();
    private int meshBytes;
    private int pixelBytes;
    private byte[] target = new byte[0];

    static long deviceBytes(FrameSize size, int meshFloats) {
        return DeviceSlab.aligned((long) Float.BYTES * meshFloats) + DeviceSlab.aligned(WEIGHT_BYTES) + DeviceSlab.aligned(size.bytes());
    }

    void resize(FrameSize size, int meshFloats, DeviceSlab slab) {
        meshBytes = Float.BYTES * meshFloats;
        pixelBytes = size.bytes();
        int needed = Math.max(LEAST_PINNED, meshBytes + WEIGHT_BYTES + pixelBytes);
        PinnedMemory old = pinned;
        if (old == null || old.bytes().capacity() < needed) {
            pinned = null;
            if (old != null) {
                old.close();
            }
            pinned = new PinnedMemory(needed);
        }
        mesh = slab.take(meshBytes);
        weights = slab.take(WEIGHT_BYTES);
        pixels = slab.take(pixelBytes);
    }

    CUdeviceptr mesh() {
        return mesh;
    }

    CUdeviceptr weights() {
        return weights;
    }

    CUdeviceptr pixels() {
        return pixels;
    }

    PinnedMemory staging() {
        PinnedMemory memory = pinned;
        if (memory == null) {
            throw new IllegalStateException("not sized yet");
        }
        return memory;
    }

    void upload(WarpMesh warp, Lanczos filter, CudaStream stream) {
        PinnedMemory memory = staging();
        memory.bytes().asFloatBuffer().put(warp.nodes());
        memory.bytes().position(meshBytes).slice().order(memory.bytes().order()).asFloatBuffer().put(filter.weights());
        stream.upload(memory, 0, mesh, meshBytes);
        stream.upload(memory, meshBytes, weights, (long) Float.BYTES * filter.weights().length);
    }

    void download(CudaStream compute, CudaStream copy, byte[] into) {
        target = into;
        compute.record(computed);
        copy.await(computed);
        copy.download(pixels, staging(), (long) meshBytes + WEIGHT_BYTES, pixelBytes);
        copy.record(copied);
    }

    void await() {
        copied.await();
        ByteBuffer bytes = staging().bytes();
        bytes.get(meshBytes + WEIGHT_BYTES, target, 0, pixelBytes);
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
