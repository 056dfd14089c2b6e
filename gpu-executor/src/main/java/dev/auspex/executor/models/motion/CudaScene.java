package dev.auspex.executor.models.motion;

import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.DeviceSlab;
import dev.auspex.executor.cuda.PinnedMemory;
import dev.auspex.executor.models.render.StagedUpload;
import dev.auspex.executor.video.FrameSize;
import jcuda.driver.CUdeviceptr;
import org.jspecify.annotations.Nullable;

/** A scene in device memory. Valid until its slab is reset. */
final class CudaScene {

    private final CUdeviceptr[] planes;
    private final @Nullable CUdeviceptr backdrop;

    private CudaScene(CUdeviceptr[] planes, @Nullable CUdeviceptr backdrop) {
        this.planes = planes;
        this.backdrop = backdrop;
    }

    static long deviceBytes(Scene scene) {
        long bytes = DeviceSlab.aligned(scene.backdrop().length);
        for (int plane = 0; plane < 3; plane++) {
            bytes += DeviceSlab.aligned((long) Float.BYTES * scene.picture().plane(plane).samples().length);
        }
        return bytes;
    }

    /** Copies through the staging memory, piece by piece. */
    static CudaScene upload(Scene scene, DeviceSlab slab, CudaStream stream, PinnedMemory staging) {
        StagedUpload staged = new StagedUpload(stream, staging);
        CUdeviceptr[] planes = new CUdeviceptr[3];
        for (int plane = 0; plane < 3; plane++) {
            float[] samples = scene.picture().plane(plane).samples();
            planes[plane] = slab.take((long) Float.BYTES * samples.length);
            staged.floats(samples, planes[plane]);
        }
        CUdeviceptr backdrop = null;
        if (scene.hasBackdrop()) {
            backdrop = slab.take(scene.backdrop().length);
            staged.bytes(scene.backdrop(), backdrop);
        }
        staged.settle();
        return new CudaScene(planes, backdrop);
    }

    CUdeviceptr plane(int plane) {
        return planes[plane];
    }

    /** The backdrop's plane; the null pointer when there is none. */
    CUdeviceptr backdrop(FrameSize size, int plane) {
        CUdeviceptr whole = backdrop;
        return whole == null ? new CUdeviceptr() : whole.withByteOffset(size.offset(plane));
    }
}
