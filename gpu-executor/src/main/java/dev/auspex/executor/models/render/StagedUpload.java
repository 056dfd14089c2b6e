package dev.auspex.executor.models.render;

import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.PinnedMemory;
import java.nio.ByteBuffer;
import jcuda.driver.CUdeviceptr;

/**
 * Copies arrays to the device through pinned memory. Copies are on their way when a call returns; it waits only where the
 * pinned memory is full. The stream's owner thread.
 */
public final class StagedUpload {

    private static final int ALIGNMENT = 16;

    private final CudaStream stream;
    private final PinnedMemory staging;
    private int used;

    /** @param staging used from its start; nothing else may be using it until the copies are done */
    public StagedUpload(CudaStream stream, PinnedMemory staging) {
        this.stream = stream;
        this.staging = staging;
    }

    /** Copies floats. */
    public void floats(float[] samples, CUdeviceptr to) {
        for (int at = 0; at < samples.length;) {
            int count = Math.min(room() / Float.BYTES, samples.length - at);
            staging.bytes().position(used).slice().order(java.nio.ByteOrder.nativeOrder()).asFloatBuffer().put(samples, at, count);
            queue(to.withByteOffset((long) Float.BYTES * at), Float.BYTES * count);
            at += count;
        }
    }

    /** Copies bytes. */
    public void bytes(byte[] values, CUdeviceptr to) {
        for (int at = 0; at < values.length;) {
            int count = Math.min(room(), values.length - at);
            ByteBuffer free = staging.bytes().position(used);
            free.put(values, at, count);
            queue(to.withByteOffset(at), count);
            at += count;
        }
    }

    /** Waits until every copy is done. */
    public void settle() {
        stream.drain();
        used = 0;
    }

    private int room() {
        if (staging.bytes().capacity() - used < ALIGNMENT) {
            settle();
        }
        return staging.bytes().capacity() - used;
    }

    private void queue(CUdeviceptr to, int bytes) {
        stream.upload(staging, used, to, bytes);
        used = Math.min(staging.bytes().capacity(), (used + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    }
}
