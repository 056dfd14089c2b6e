package dev.auspex.executor.models.motion;

import dev.auspex.executor.cuda.CudaDevice;
import dev.auspex.executor.cuda.CudaKernel;
import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.CudaStream.Extent;
import dev.auspex.executor.cuda.DeviceSlab;
import dev.auspex.executor.cuda.Ptx;
import dev.auspex.executor.models.render.Lanczos;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.FrameSize;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Makes frames on a CUDA device. One stream computes and another brings finished frames back, so that a frame is computed
 * while the one before it is copied and the one before that is encoded.
 */
final class CudaFrameRenderer implements FrameRenderer {

    private static final Extent BLOCK = new Extent(32, 8);

    private final CudaDevice device;
    private final String name;
    private final CudaKernel kernel;
    private final CudaStream compute = new CudaStream();
    private final CudaStream copy = new CudaStream();
    private final DeviceSlab slab = new DeviceSlab();
    private final Deque<CudaFrame> waiting = new ArrayDeque<>();
    private final CudaFrame[] frames = new CudaFrame[PIPELINE];
    private @Nullable Scene scene;
    private @Nullable CudaScene uploaded;
    private int started;

    private CudaFrameRenderer(CudaDevice device, String name, CudaKernel kernel) {
        this.device = device;
        this.name = name;
        this.kernel = kernel;
        for (int i = 0; i < PIPELINE; i++) {
            frames[i] = new CudaFrame();
        }
    }

    /**
     * Loads the kernel.
     *
     * @throws dev.auspex.executor.cuda.CudaException if the device cannot be used
     * @throws IOException if the kernel is not in this module
     */
    static CudaFrameRenderer open(int ordinal, String name) throws IOException {
        CudaDevice device = CudaDevice.open(ordinal);
        device.use();
        return new CudaFrameRenderer(device, name, device.module(Ptx.resource("motion")).kernel("warp_plane"));
    }

    @Override
    public String device() {
        return name;
    }

    @Override
    public void load(Scene next) {
        device.use();
        // A canceled job may have left frames behind.
        compute.drain();
        copy.drain();
        waiting.clear();
        scene = null;
        WarpMesh mesh = new WarpMesh(next.frame());
        slab.reset(CudaScene.deviceBytes(next) + PIPELINE * CudaFrame.deviceBytes(next.frame(), mesh.nodes().length));
        for (CudaFrame frame : frames) {
            frame.resize(next.frame(), mesh.nodes().length, slab);
        }
        uploaded = CudaScene.upload(next, slab, compute, frames[0].staging());
        scene = next;
    }

    @Override
    public void start(WarpMesh mesh, byte[] target, Checkpoint checkpoint) {
        Scene current = scene;
        CudaScene planes = uploaded;
        if (current == null || planes == null || waiting.size() == PIPELINE) {
            throw new IllegalStateException("no scene is loaded, or " + PIPELINE + " frames are waiting");
        }
        CudaFrame frame = frames[started++ % PIPELINE];
        Lanczos filter = Lanczos.forFootprint(mesh.footprint());
        frame.upload(mesh, filter, compute);
        for (int plane = 0; plane < 3; plane++) {
            launch(current, planes, plane, frame, mesh, filter);
        }
        frame.download(compute, copy, target);
        waiting.add(frame);
    }

    @Override
    public void finish() {
        waiting.remove().await();
    }

    @Override
    public void close() {
        device.use();
        for (CudaFrame frame : frames) {
            frame.close();
        }
        slab.close();
        copy.close();
        compute.close();
    }

    private void launch(Scene current, CudaScene planes, int plane, CudaFrame frame, WarpMesh mesh, Lanczos filter) {
        FrameSize size = current.frame();
        PlaneView view = PlaneView.of(current, plane);
        int width = size.width(plane);
        int height = size.height(plane);
        Extent grid = new Extent((width + BLOCK.x() - 1) / BLOCK.x(), (height + BLOCK.y() - 1) / BLOCK.y());
        // In the order of warp_plane's parameters.
        compute.launch(kernel, grid, BLOCK,
                Pointer.to(planes.plane(plane)), ints(view.source().width()), ints(view.source().height()), floats(view.edgeX()), floats(view.edgeY()),
                Pointer.to(frame.mesh()), ints(mesh.columns()),
                Pointer.to(frame.weights()), ints(filter.taps()), floats((float) mesh.footprint()),
                Pointer.to(planes.backdrop(size, plane)),
                Pointer.to(frame.pixels().withByteOffset(size.offset(plane))), ints(width), ints(height),
                ints(view.step()), floats(view.offsetX()), floats(view.offsetY()), floats(Scene.FLOOR), floats(Scene.ceiling(plane)));
    }

    private static Pointer ints(int value) {
        return Pointer.to(new int[] {value});
    }

    private static Pointer floats(float value) {
        return Pointer.to(new float[] {value});
    }
}
