package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.render.KernelArguments.covering;
import static dev.auspex.executor.models.render.KernelArguments.of;

import dev.auspex.executor.cuda.CudaDevice;
import dev.auspex.executor.cuda.CudaKernel;
import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.CudaStream.Extent;
import dev.auspex.executor.cuda.DeviceSlab;
import dev.auspex.executor.cuda.Ptx;
import dev.auspex.executor.models.render.FrameMaker;
import dev.auspex.executor.models.render.LaunchWindow;
import dev.auspex.executor.models.render.RoundTrip;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Makes frames on a CUDA device; one stream computes and another brings finished frames back. Large frames go in bands of rows,
 * few of them at a time, so that no launch takes long and a cancel can act in between.
 */
final class CudaSceneRenderer implements SceneRenderer {

    private static final Extent BLOCK = new Extent(16, 8);

    /** Rays of a launch: some 20 ms on small cards. */
    private static final int RAYS = 2 << 20;

    private final CudaDevice device;
    private final String name;
    private final CudaKernel kernel;
    private final CudaStream compute = new CudaStream();
    private final CudaStream copy = new CudaStream();
    private final LaunchWindow window = new LaunchWindow(compute);
    private final int rays;
    private final DeviceSlab slab = new DeviceSlab();
    private final RoundTrip[] trips = new RoundTrip[FrameMaker.PIPELINE];
    private final Deque<RoundTrip> waiting = new ArrayDeque<>();
    private FrameSize size = new FrameSize(FrameSize.MIN, FrameSize.MIN);
    private int samples = 1;
    private int started;

    private CudaSceneRenderer(CudaDevice device, String name, int rays, CudaKernel kernel) {
        this.device = device;
        this.name = name;
        this.rays = rays;
        this.kernel = kernel;
        for (int i = 0; i < trips.length; i++) {
            trips[i] = new RoundTrip();
        }
    }

    /**
     * Loads the kernel.
     *
     * @throws dev.auspex.executor.cuda.CudaException if the device cannot be used
     * @throws IOException if the kernel is not in this module
     */
    static CudaSceneRenderer open(int ordinal, String name) throws IOException {
        return open(ordinal, name, RAYS);
    }

    /** The same with so many rays of a launch. */
    static CudaSceneRenderer open(int ordinal, String name, int rays) throws IOException {
        CudaDevice device = CudaDevice.open(ordinal);
        device.use();
        return new CudaSceneRenderer(device, name, rays, device.module(Ptx.resource("scene")).kernel("render_scene"));
    }

    @Override
    public String device() {
        return name;
    }

    @Override
    public void load(FrameSize size, int samples) {
        device.use();
        // A canceled job may have left frames behind.
        compute.drain();
        copy.drain();
        waiting.clear();
        int up = Float.BYTES * SceneUniforms.COUNT;
        slab.reset(trips.length * RoundTrip.deviceBytes(up, size.bytes()));
        for (RoundTrip trip : trips) {
            trip.resize(up, size.bytes(), slab);
        }
        this.size = size;
        this.samples = samples;
    }

    @Override
    public void start(float[] uniforms, byte[] target, Checkpoint checkpoint) throws CanceledException {
        if (waiting.size() == trips.length) {
            throw new IllegalStateException(trips.length + " frames are waiting");
        }
        RoundTrip trip = trips[started++ % trips.length];
        trip.up().asFloatBuffer().put(uniforms);
        trip.upload(compute, (long) Float.BYTES * uniforms.length);
        int columns = size.width() / 2;
        int rows = size.height() / 2;
        int band = Math.clamp(rays / (4L * columns * samples * samples), BLOCK.y(), rows + BLOCK.y());
        for (int from = 0; from < rows; from += band) {
            // In the order of render_scene's parameters.
            compute.launch(kernel, covering(columns, Math.min(band, rows - from), BLOCK), BLOCK,
                    of(trip.input()), of(trip.output()), of(size.width()), of(size.height()), of(samples), of(from), of(Math.min(rows, from + band)));
            window.pass(checkpoint);
        }
        trip.download(compute, copy, target, size.bytes());
        waiting.add(trip);
    }

    @Override
    public void finish() {
        waiting.remove().await(size.bytes());
    }

    @Override
    public void close() {
        device.use();
        for (RoundTrip trip : trips) {
            trip.close();
        }
        window.close();
        slab.close();
        copy.close();
        compute.close();
    }
}
