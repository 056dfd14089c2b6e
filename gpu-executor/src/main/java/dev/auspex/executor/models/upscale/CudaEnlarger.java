package dev.auspex.executor.models.upscale;

import static dev.auspex.executor.models.render.KernelArguments.covering;
import static dev.auspex.executor.models.render.KernelArguments.of;

import dev.auspex.executor.cuda.CudaDevice;
import dev.auspex.executor.cuda.CudaModule;
import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.CudaStream.Extent;
import dev.auspex.executor.cuda.DeviceSlab;
import dev.auspex.executor.cuda.Ptx;
import dev.auspex.executor.models.render.RoundTrip;
import dev.auspex.executor.models.render.StagedUpload;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.Plane;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import org.jspecify.annotations.Nullable;

/** Enlarges on a CUDA device; one stream computes and another brings finished targets back. */
final class CudaEnlarger implements Enlarger {

    private static final Extent BLOCK = new Extent(32, 8);

    /** Planes go up through the pinned memory of a target: small targets get enough of it for that to be quick. */
    private static final int LEAST_STAGING = 4 << 20;

    private final CudaDevice device;
    private final String name;
    private final CUfunction denoise;
    private final CUfunction enlarge;
    private final CudaStream compute = new CudaStream();
    private final CudaStream copy = new CudaStream();
    private final DeviceSlab slab = new DeviceSlab();
    private final RoundTrip[] trips = new RoundTrip[PIPELINE];
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private @Nullable Loaded loaded;
    private int started;

    private record Pending(RoundTrip trip, int bytes) {}

    private record Loaded(List<Plane> planes, CUdeviceptr[] samples, Filters filters, int scale) {}

    private record Filters(CUdeviceptr centred, CUdeviceptr leftSited) {}

    private CudaEnlarger(CudaDevice device, String name, CudaModule module) {
        this.device = device;
        this.name = name;
        this.denoise = module.kernel("denoise_planes");
        this.enlarge = module.kernel("enlarge_plane");
        for (int i = 0; i < PIPELINE; i++) {
            trips[i] = new RoundTrip();
        }
    }

    /**
     * Loads the kernels.
     *
     * @throws dev.auspex.executor.cuda.CudaException if the device cannot be used
     * @throws IOException if the kernels are not in this module
     */
    static CudaEnlarger open(int ordinal, String name) throws IOException {
        CudaDevice device = CudaDevice.open(ordinal);
        device.use();
        return new CudaEnlarger(device, name, device.module(Ptx.resource("upscale")));
    }

    @Override
    public String device() {
        return name;
    }

    @Override
    public void load(Original original, Enlargement how, int targetBytes, Checkpoint checkpoint) {
        device.use();
        // A canceled job may have left targets behind.
        compute.drain();
        copy.drain();
        waiting.clear();
        loaded = null;
        ScaleFilter centred = ScaleFilter.centred(how.scale());
        ScaleFilter sited = ScaleFilter.leftSited(how.scale());
        slab.reset(deviceBytes(original) + 2 * DeviceSlab.aligned((long) Float.BYTES * centred.table().length) + PIPELINE * RoundTrip.deviceBytes(LEAST_STAGING, targetBytes));
        for (RoundTrip trip : trips) {
            trip.resize(LEAST_STAGING, targetBytes, slab);
        }
        StagedUpload staged = new StagedUpload(compute, trips[0].staging());
        CUdeviceptr[] samples = new CUdeviceptr[original.planes().size()];
        for (int plane = 0; plane < samples.length; plane++) {
            samples[plane] = upload(original.planes().get(plane).samples(), staged);
        }
        for (Original.Group group : original.groups()) {
            clean(group, samples, how, staged);
        }
        Filters filters = new Filters(upload(centred.table(), staged), upload(sited.table(), staged));
        loaded = new Loaded(original.planes(), samples, filters, how.scale());
    }

    @Override
    public void start(List<Band> bands, byte[] target, Checkpoint checkpoint) {
        Loaded current = loaded;
        if (current == null || waiting.size() == PIPELINE) {
            throw new IllegalStateException("nothing is loaded, or " + PIPELINE + " targets are waiting");
        }
        RoundTrip trip = trips[started++ % PIPELINE];
        for (Band band : bands) {
            launch(current, band, trip.output());
        }
        trip.download(compute, copy, target, target.length);
        waiting.add(new Pending(trip, target.length));
    }

    @Override
    public void finish() {
        Pending oldest = waiting.remove();
        oldest.trip().await(oldest.bytes());
    }

    @Override
    public void close() {
        device.use();
        for (RoundTrip trip : trips) {
            trip.close();
        }
        slab.close();
        copy.close();
        compute.close();
    }

    private CUdeviceptr upload(float[] values, StagedUpload staged) {
        CUdeviceptr to = slab.take((long) Float.BYTES * values.length);
        staged.floats(values, to);
        return to;
    }

    /** Puts cleaned planes in the place of their originals. */
    private void clean(Original.Group group, CUdeviceptr[] samples, Enlargement how, StagedUpload staged) {
        Plane guide = group.guide();
        int rows = guide.height() + 2 * Plane.MARGIN;
        CUdeviceptr comparing = upload(guide.samples(), staged);
        CUdeviceptr[] sources = new CUdeviceptr[3];
        CUdeviceptr[] targets = new CUdeviceptr[3];
        for (int i = 0; i < 3; i++) {
            boolean used = i < group.planes().size();
            sources[i] = used ? samples[group.planes().get(i)] : new CUdeviceptr();
            targets[i] = used ? slab.take((long) Float.BYTES * guide.samples().length) : new CUdeviceptr();
        }
        // In the order of denoise_planes' parameters.
        compute.launch(denoise, covering(guide.stride(), rows, BLOCK), BLOCK,
                of(comparing), of(guide.width()), of(guide.height()),
                of(sources[0]), of(sources[1]), of(sources[2]), of(targets[0]), of(targets[1]), of(targets[2]), of(how.inverse()));
        for (int i = 0; i < group.planes().size(); i++) {
            samples[group.planes().get(i)] = targets[i];
        }
    }

    private void launch(Loaded current, Band band, CUdeviceptr target) {
        int width = current.planes().get(band.plane()).width();
        int targetWidth = width * current.scale();
        Filters filters = current.filters();
        // In the order of enlarge_plane's parameters.
        compute.launch(enlarge, covering(targetWidth, band.rows().count(), BLOCK), BLOCK,
                of(current.samples()[band.plane()]), of(width),
                of(band.leftSited() ? filters.leftSited() : filters.centred()), of(filters.centred()), of(current.scale()),
                of(target.withByteOffset(band.layout().offset())), of(targetWidth),
                of(band.rows().from()), of(band.rows().count()), of(band.layout().step()), of(band.layout().stride()));
    }

    private static long deviceBytes(Original original) {
        long bytes = 0;
        for (Plane plane : original.planes()) {
            bytes += DeviceSlab.aligned((long) Float.BYTES * plane.samples().length);
        }
        for (Original.Group group : original.groups()) {
            bytes += (1L + group.planes().size()) * DeviceSlab.aligned((long) Float.BYTES * group.guide().samples().length);
        }
        return bytes;
    }
}
