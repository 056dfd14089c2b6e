package dev.auspex.executor.bench;

import static dev.auspex.executor.models.render.KernelArguments.covering;
import static dev.auspex.executor.models.render.KernelArguments.of;

import dev.auspex.executor.cuda.CudaDevice;
import dev.auspex.executor.cuda.CudaKernel;
import dev.auspex.executor.cuda.CudaModule;
import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.CudaStream.Extent;
import dev.auspex.executor.cuda.DeviceSlab;
import dev.auspex.executor.cuda.PinnedMemory;
import dev.auspex.executor.cuda.Ptx;
import dev.auspex.executor.models.render.StagedUpload;
import dev.auspex.model.ModelEnvironment.GpuDevice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** Times kernels by themselves, beside what the card can do at best. One platform thread. */
final class DeviceBench implements AutoCloseable {

    private static final List<String> MODULES = List.of("motion", "scene", "upscale", "text");
    private static final Extent SQUARE = new Extent(32, 8);
    private static final Extent LINE = new Extent(256, 1);

    private final CudaDevice device;
    private final CudaStream stream = new CudaStream();
    private final DeviceSlab slab = new DeviceSlab();
    private final double seconds;
    private final long room;

    /** @param seconds that a measurement takes at the least */
    DeviceBench(GpuDevice gpu, double seconds) {
        this.device = CudaDevice.open(gpu.ordinal());
        device.use();
        this.seconds = seconds;
        // A quarter of the card, and no more than caches could not hold anyway.
        this.room = Math.min(1L << 30, gpu.memoryBytes() / 4);
        slab.reset(room + (1 << 20));
    }

    /**
     * A kernel's pace.
     *
     * @param what the kernel and its size
     * @param millis per launch
     * @param bytes read and written per second, in the best case for caches; 0 if memory does not matter
     * @param flops floating-point operations per second; 0 if arithmetic does not matter
     */
    record Pace(String what, double millis, double bytes, double flops) {}

    /** Seconds from PTX to kernels, by module. The driver keeps what it has compiled: the second run of a machine is quicker. */
    Map<String, Double> compile() throws IOException {
        Map<String, Double> times = new LinkedHashMap<>();
        for (String name : MODULES) {
            Ptx ptx = Ptx.resource(name);
            long start = System.nanoTime();
            device.module(ptx);
            times.put(name, (System.nanoTime() - start) / 1e9);
        }
        return times;
    }

    /** The card's best: copying within its memory, multiply-add, and copies over the bus. */
    List<Pace> ceilings() throws IOException {
        CudaModule module = device.module(Ptx.resource("ceiling"));
        int count = (int) (room / 2 / 16);
        begin();
        CUdeviceptr from = slab.take(16L * count);
        CUdeviceptr to = slab.take(16L * count);
        Extent grid = new Extent(Math.min(8192, (count + 255) / 256), 1);
        List<Pace> paces = new ArrayList<>();
        paces.add(time("copy_numbers, " + (room >> 20) + " MB", 32.0 * count, 0, module.kernel("copy_numbers"), grid, LINE, of(from), of(to), of(count)));
        int blocks = Math.clamp(room >> 16, 16, 4096);
        int rounds = Math.clamp(room >> 22, 16, 256);
        paces.add(time("multiply_add", 0, 16.0 * rounds * blocks * 256, module.kernel("multiply_add"), new Extent(blocks, 1), LINE, of(to), of(rounds), of(0.999f)));
        int bytes = (int) Math.min(64 << 20, room / 2);
        try (PinnedMemory pinned = new PinnedMemory(bytes)) {
            paces.add(time("pinned copy to the device", bytes, 0, () -> stream.upload(pinned, 0, to, bytes)));
            paces.add(time("pinned copy from the device", bytes, 0, () -> stream.download(to, pinned, 0, bytes)));
        }
        return paces;
    }

    /** Kernels of models whose bytes and operations can be counted; the ray marcher is measured in frames. */
    List<Pace> kernels(BenchOptions.Size size) throws IOException {
        CudaModule upscale = device.module(Ptx.resource("upscale"));
        int width = size.width() / 2;
        int height = size.height() / 2;
        long plane = 4L * (width + 32) * (height + 32);
        List<Pace> paces = new ArrayList<>();
        begin();
        CUdeviceptr source = slab.take(plane);
        CUdeviceptr cleaned = slab.take(plane);
        CUdeviceptr table = slab.take(4L * 2 * 7);
        try (PinnedMemory pinned = new PinnedMemory(1 << 12)) {
            // Where filters begin decides what is read: it must not be by chance.
            StagedUpload upload = new StagedUpload(stream, pinned);
            upload.floats(new float[2 * 7], table);
            upload.settle(); // the memory goes now
        }
        CUdeviceptr target = slab.take((long) size.width() * size.height());
        CUdeviceptr none = new CUdeviceptr();
        double samples = (width + 32.0) * (height + 32);
        // 121 places of 25 differences, three operations each, and the weights.
        paces.add(time("denoise_planes " + width + "x" + height, 8 * samples, samples * 121 * (25 * 3 + 8),
                upscale.kernel("denoise_planes"), covering(width + 32, height + 32, SQUARE), SQUARE,
                of(source), of(width), of(height), of(source), of(none), of(none), of(cleaned), of(none), of(none), of(1e-4f)));
        paces.add(time("enlarge_plane to " + size, plane + (double) size.width() * size.height(), 2.0 * 42 * size.width() * size.height(),
                upscale.kernel("enlarge_plane"), covering(size.width(), size.height(), SQUARE), SQUARE,
                of(source), of(width), of(table), of(table), of(2), of(target), of(size.width()), of(0), of(size.height()), of(1), of(size.width())));
        return paces;
    }

    /** What a step of a text is made of, for a shape as of llama2.c's largest: a matrix times a vector sets the pace. */
    List<Pace> text() throws IOException {
        CudaModule module = device.module(Ptx.resource("text"));
        int side = Math.clamp(room >> 17, 128, 8192);
        List<Pace> paces = new ArrayList<>();
        begin();
        CUdeviceptr matrix = slab.take(4L * side * side);
        CUdeviceptr x = slab.take(4L * side);
        CUdeviceptr out = slab.take(4L * side);
        paces.add(time("mat_vec " + side + "x" + side, 4.0 * side * side, 2.0 * side * side,
                module.kernel("mat_vec"), new Extent((side + 7) / 8, 1), LINE, of(matrix), of(x), of(out), of(side), of(side), of(0)));
        int heads = 8;
        int size = Math.clamp(room >> 20, 16, 64);
        int width = heads * size;
        int context = Math.clamp(room >> 18, 64, 1024);
        begin();
        CUdeviceptr told = slab.take(4L * 4);
        try (PinnedMemory pinned = new PinnedMemory(1 << 12)) {
            // The last position: everything before it is attended to.
            pinned.bytes().asIntBuffer().put(0).put(context - 1);
            stream.upload(pinned, 0, told, 2L * Integer.BYTES);
            stream.drain();
        }
        CUdeviceptr query = slab.take(4L * width);
        CUdeviceptr angles = slab.take(4L * size);
        CUdeviceptr keys = slab.take(4L * width * context);
        CUdeviceptr values = slab.take(4L * width * context);
        CUdeviceptr scores = slab.take(4L * heads * context);
        CUdeviceptr mixed = slab.take(4L * width);
        String shape = " %d heads of %d".formatted(heads, size);
        paces.add(time("attend" + shape + ", " + context + " positions", 8.0 * width * context, 4.0 * width * context,
                module.kernel("attend"), new Extent(heads, 1), LINE,
                of(query), of(keys), of(values), of(scores), of(mixed), of(told), of(context), of(size), of(1), of(width)));
        paces.add(time("rope_keep" + shape, 32.0 * width, 6.0 * width,
                module.kernel("rope_keep"), covering(width / 2, 1, LINE), LINE,
                of(query), of(mixed), of(mixed), of(angles), of(keys), of(values), of(told), of(heads), of(heads), of(size / 2)));
        paces.add(time("rms_norm " + width, 16.0 * width, 4.0 * width,
                module.kernel("rms_norm"), new Extent(1, 1), LINE, of(query), of(mixed), of(scores), of(width), of(1e-5f)));
        paces.add(time("swiglu " + width, 12.0 * width, 4.0 * width,
                module.kernel("swiglu"), covering(width, 1, LINE), LINE, of(query), of(mixed), of(width)));
        return paces;
    }

    @Override
    public void close() {
        slab.close();
        stream.close();
    }

    private void begin() {
        device.use();
        stream.drain();
        slab.reset(0);
    }

    private Pace time(String what, double bytes, double flops, CudaKernel kernel, Extent grid, Extent block, Pointer... arguments) {
        return time(what, bytes, flops, () -> stream.launch(kernel, grid, block, arguments));
    }

    private Pace time(String what, double bytes, double flops, Runnable queue) {
        queue.run();
        stream.drain();
        long start = System.nanoTime();
        int launches = 0;
        int batch = 1;
        do {
            for (int i = 0; i < batch; i++) {
                queue.run();
            }
            stream.drain();
            launches += batch;
            batch = Math.min(64, 2 * batch);
        } while (System.nanoTime() - start < seconds * 1e9);
        double each = (System.nanoTime() - start) / 1e9 / launches;
        return new Pace(what, each * 1e3, bytes / each, flops / each);
    }
}
