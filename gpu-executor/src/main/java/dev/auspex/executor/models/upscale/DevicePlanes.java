package dev.auspex.executor.models.upscale;

import static dev.auspex.executor.models.render.KernelArguments.covering;
import static dev.auspex.executor.models.render.KernelArguments.of;

import dev.auspex.executor.cuda.CudaEvent;
import dev.auspex.executor.cuda.CudaKernel;
import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.CudaStream.Extent;
import dev.auspex.executor.cuda.DeviceSlab;
import dev.auspex.executor.cuda.PinnedMemory;
import dev.auspex.executor.models.render.StagedUpload;
import dev.auspex.executor.video.Plane;
import java.util.List;
import jcuda.driver.CUdeviceptr;
import org.jspecify.annotations.Nullable;

/**
 * A place on the device for one original at a time: its planes, cleaned where that is asked for, and the filters that enlarge
 * them. Keeps its memory from job to job. The stream's owner thread.
 */
final class DevicePlanes implements AutoCloseable {

    private static final Extent BLOCK = new Extent(32, 8);

    /** A video's frame goes up in one piece; large pictures go in several. */
    private static final int MOST_STAGING = 32 << 20;

    private static final int LEAST_STAGING = 1 << 16;

    private final CudaStream compute;
    private final CudaKernel denoise;
    private final DeviceSlab slab = new DeviceSlab();
    private final CudaEvent used = new CudaEvent();
    private @Nullable PinnedMemory staging;
    private List<Plane> planes = List.of();
    private CUdeviceptr[] samples = {};
    private CUdeviceptr centred = new CUdeviceptr();
    private CUdeviceptr leftSited = new CUdeviceptr();
    private int scale = 1;

    /** @param denoise the kernel {@code denoise_planes} */
    DevicePlanes(CudaStream compute, CudaKernel denoise) {
        this.compute = compute;
        this.denoise = denoise;
    }

    /** Queues an original's way up and its cleaning, as soon as the device is done with the one before it in this place. */
    void load(Original original, Enlargement how) {
        used.await();
        ScaleFilter centre = ScaleFilter.centred(how.scale());
        ScaleFilter left = ScaleFilter.leftSited(how.scale());
        long filters = bytes(centre.table()) + bytes(left.table());
        slab.reset(deviceBytes(original) + filters);
        StagedUpload upload = new StagedUpload(compute, staging(uploadBytes(original) + filters));
        samples = new CUdeviceptr[original.planes().size()];
        for (int plane = 0; plane < samples.length; plane++) {
            samples[plane] = upload(original.planes().get(plane).samples(), upload);
        }
        CUdeviceptr[] raw = samples.clone();
        for (Original.Group group : original.groups()) {
            int among = original.planes().indexOf(group.guide());
            clean(group, among >= 0 ? raw[among] : upload(group.guide().samples(), upload), how);
        }
        centred = upload(centre.table(), upload);
        leftSited = upload(left.table(), upload);
        planes = original.planes();
        scale = how.scale();
        used();
    }

    /** Everything queued so far may be using this place. */
    void used() {
        compute.record(used);
    }

    /** A plane's samples, cleaned. */
    CUdeviceptr samples(int plane) {
        return samples[plane];
    }

    /** A plane's width without its margins. */
    int width(int plane) {
        return planes.get(plane).width();
    }

    /** How much larger it is to become. */
    int scale() {
        return scale;
    }

    /** The filter for a plane. @param left whether it is a colour plane of a video */
    CUdeviceptr filter(boolean left) {
        return left ? leftSited : centred;
    }

    @Override
    public void close() {
        slab.close();
        used.close();
        if (staging != null) {
            staging.close();
        }
    }

    private PinnedMemory staging(long wanted) {
        int bytes = (int) Math.clamp(wanted, LEAST_STAGING, MOST_STAGING);
        PinnedMemory memory = staging;
        if (memory == null || memory.bytes().capacity() < bytes) {
            staging = null;
            if (memory != null) {
                memory.close();
            }
            memory = new PinnedMemory(bytes);
            staging = memory;
        }
        return memory;
    }

    private CUdeviceptr upload(float[] values, StagedUpload upload) {
        CUdeviceptr to = slab.take((long) Float.BYTES * values.length);
        upload.floats(values, to);
        return to;
    }

    /** Puts cleaned planes in the place of their originals. */
    private void clean(Original.Group group, CUdeviceptr comparing, Enlargement how) {
        Plane guide = group.guide();
        int rows = guide.height() + 2 * Plane.MARGIN;
        CUdeviceptr[] sources = new CUdeviceptr[3];
        CUdeviceptr[] targets = new CUdeviceptr[3];
        for (int i = 0; i < 3; i++) {
            boolean wanted = i < group.planes().size();
            sources[i] = wanted ? samples[group.planes().get(i)] : new CUdeviceptr();
            targets[i] = wanted ? slab.take((long) Float.BYTES * guide.samples().length) : new CUdeviceptr();
        }
        // In the order of denoise_planes' parameters.
        compute.launch(denoise, covering(guide.stride(), rows, BLOCK), BLOCK,
                of(comparing), of(guide.width()), of(guide.height()),
                of(sources[0]), of(sources[1]), of(sources[2]), of(targets[0]), of(targets[1]), of(targets[2]), of(how.inverse()));
        for (int i = 0; i < group.planes().size(); i++) {
            samples[group.planes().get(i)] = targets[i];
        }
    }

    private static long uploadBytes(Original original) {
        long bytes = 0;
        for (Plane plane : original.planes()) {
            bytes += bytes(plane.samples());
        }
        for (Original.Group group : original.groups()) {
            bytes += original.planes().contains(group.guide()) ? 0 : bytes(group.guide().samples());
        }
        return bytes;
    }

    private static long deviceBytes(Original original) {
        long cleaned = 0;
        for (Original.Group group : original.groups()) {
            cleaned += group.planes().size() * bytes(group.guide().samples());
        }
        return uploadBytes(original) + cleaned;
    }

    private static long bytes(float[] values) {
        return DeviceSlab.aligned((long) Float.BYTES * values.length);
    }
}
