package dev.auspex.executor.models.render;

import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.PinnedMemory;
import java.nio.ByteBuffer;
import jcuda.driver.CUdeviceptr;

/** Copies arrays to the device through pinned memory, piece by piece; done when it returns. The stream's owner thread. */
public final class StagedUpload {

    private final CudaStream stream;
    private final PinnedMemory staging;

    /** @param staging used from its start; nothing else may be using it */
    public StagedUpload(CudaStream stream, PinnedMemory staging) {
        this.stream = stream;
        this.staging = staging;
    }

    /** Copies floats. */
    public void floats(float[] samples, CUdeviceptr to) {
        ByteBuffer room = staging.bytes();
        int piece = room.capacity() / Float.BYTES;
        for (int at = 0; at < samples.length; at += piece) {
            int count = Math.min(piece, samples.length - at);
            room.asFloatBuffer().put(samples, at, count);
            stream.upload(staging, 0, to.withByteOffset((long) Float.BYTES * at), (long) Float.BYTES * count);
            stream.drain();
        }
    }

    /** Copies bytes. */
    public void bytes(byte[] values, CUdeviceptr to) {
        ByteBuffer room = staging.bytes();
        for (int at = 0; at < values.length; at += room.capacity()) {
            int count = Math.min(room.capacity(), values.length - at);
            room.clear().put(values, at, count);
            stream.upload(staging, 0, to.withByteOffset(at), count);
            stream.drain();
        }
    }
}
