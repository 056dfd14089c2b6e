package dev.auspex.executor.models.upscale;

import static dev.auspex.executor.models.render.KernelArguments.covering;
import static dev.auspex.executor.models.render.KernelArguments.of;

import dev.auspex.executor.cuda.CudaDevice;
import dev.auspex.executor.cuda.CudaKernel;
import dev.auspex.executor.cuda.CudaModule;
import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.CudaStream.Extent;
import dev.auspex.executor.cuda.DeviceSlab;
import dev.auspex.executor.cuda.Ptx;
import dev.auspex.executor.models.render.RoundTrip;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import jcuda.driver.CUdeviceptr;

/**
 * Enlarges on a CUDA device. One stream computes and another brings finished targets back; planes lie in two places by turns,
 * so that a frame of a video goes up while the one before it is enlarged.
 */
final class CudaEnlarger implements Enlarger {

    private static final Extent BLOCK = new Extent(32, 8);

    private final CudaDevice device;
    private final String name;
    private final CudaKernel enlarge;
    private final CudaStream compute = new CudaStream();
    private final CudaStream copy = new CudaStream();
    private final DeviceSlab targets = new DeviceSlab();
    private final RoundTrip[] trips = new RoundTrip[PIPELINE];
    private final DevicePlanes[] places = new DevicePlanes[PIPELINE];
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private int loaded;
    private int started;

    private record Pending(RoundTrip trip, int bytes) {}

    private CudaEnlarger(CudaDevice device, String name, CudaModule module) {
        this.device = device;
        this.name = name;
        this.enlarge = module.kernel("enlarge_plane");
        CudaKernel denoise = module.kernel("denoise_planes");
        for (int i = 0; i < PIPELINE; i++) {
            trips[i] = new RoundTrip();
            places[i] = new DevicePlanes(compute, denoise);
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
    public void begin(int targetBytes) {
        device.use();
        // A canceled job may have left targets behind.
        compute.drain();
        copy.drain();
        waiting.clear();
        loaded = 0;
        targets.reset(PIPELINE * RoundTrip.deviceBytes(0, targetBytes));
        for (RoundTrip trip : trips) {
            trip.resize(0, targetBytes, targets);
        }
    }

    @Override
    public void load(Original original, Enlargement how, Checkpoint checkpoint) throws CanceledException {
        checkpoint.check();
        places[loaded++ % PIPELINE].load(original, how);
    }

    @Override
    public void start(List<Band> bands, byte[] target, Checkpoint checkpoint) throws CanceledException {
        if (loaded == 0 || waiting.size() == PIPELINE) {
            throw new IllegalStateException("nothing is loaded, or " + PIPELINE + " targets are waiting");
        }
        checkpoint.check();
        DevicePlanes planes = places[(loaded - 1) % PIPELINE];
        RoundTrip trip = trips[started++ % PIPELINE];
        for (Band band : bands) {
            launch(planes, band, trip.output());
        }
        planes.used();
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
        for (DevicePlanes planes : places) {
            planes.close();
        }
        targets.close();
        copy.close();
        compute.close();
    }

    private void launch(DevicePlanes planes, Band band, CUdeviceptr target) {
        int width = planes.width(band.plane());
        int targetWidth = width * planes.scale();
        // In the order of enlarge_plane's parameters.
        compute.launch(enlarge, covering(targetWidth, band.rows().count(), BLOCK), BLOCK,
                of(planes.samples(band.plane())), of(width),
                of(planes.filter(band.leftSited())), of(planes.filter(false)), of(planes.scale()),
                of(target.withByteOffset(band.layout().offset())), of(targetWidth),
                of(band.rows().from()), of(band.rows().count()), of(band.layout().step()), of(band.layout().stride()));
    }
}
