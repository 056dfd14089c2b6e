package dev.auspex.executor.models.text;

import static dev.auspex.executor.models.render.KernelArguments.covering;
import static dev.auspex.executor.models.render.KernelArguments.of;

import dev.auspex.executor.cuda.CudaDevice;
import dev.auspex.executor.cuda.CudaEvent;
import dev.auspex.executor.cuda.CudaException;
import dev.auspex.executor.cuda.CudaFault;
import dev.auspex.executor.cuda.CudaGraph;
import dev.auspex.executor.cuda.CudaKernel;
import dev.auspex.executor.cuda.CudaModule;
import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.cuda.CudaStream.Extent;
import dev.auspex.executor.cuda.DeviceSlab;
import dev.auspex.executor.cuda.PinnedMemory;
import dev.auspex.executor.cuda.Ptx;
import dev.auspex.executor.models.render.StagedUpload;
import dev.auspex.executor.video.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdeviceptr;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a transformer on a CUDA device; everything but the logits stays there. A step is the same work for every token, some
 * dozen launches per layer: it is recorded once and queued with one call.
 */
final class CudaTextEngine implements TextEngine {

    private static final Logger LOG = LoggerFactory.getLogger(CudaTextEngine.class);
    private static final Extent BLOCK = new Extent(256, 1);
    private static final int WARPS = BLOCK.x() / 32;

    /** What a step is told: the token and its position, then the angles of the position. */
    private static final int ANGLES_AT = 16;

    private static final int STAGING_BYTES = 1 << 20;

    private final CudaDevice device;
    private final String name;
    private final TextShape shape;
    private final Kernels kernels;
    private final CudaStream compute = new CudaStream();
    private final CudaEvent done = new CudaEvent();
    private final DeviceSlab slab = new DeviceSlab();
    private final PinnedMemory pinned;
    private final CUdeviceptr told;
    private final CUdeviceptr answer;
    private final Learnt learnt;
    private final Scratch scratch;
    private final float[] angles;
    private final float[] logits;
    private boolean recorded;
    private @Nullable CudaGraph graph;

    private record Kernels(CudaKernel embed, CudaKernel norm, CudaKernel matVec, CudaKernel rope, CudaKernel attend, CudaKernel swiglu) {
        static Kernels of(CudaModule module) {
            return new Kernels(module.kernel("embed_token"), module.kernel("rms_norm"), module.kernel("mat_vec"), module.kernel("rope_keep"), module.kernel("attend"), module.kernel("swiglu"));
        }
    }

    private record Learnt(CUdeviceptr embedding, List<Layer> layers, CUdeviceptr norm, CUdeviceptr classifier) {}

    private record Layer(Attention attention, Feed feed, CUdeviceptr keys, CUdeviceptr values) {}

    private record Attention(CUdeviceptr norm, CUdeviceptr q, CUdeviceptr k, CUdeviceptr v, CUdeviceptr o) {}

    private record Feed(CUdeviceptr norm, CUdeviceptr gate, CUdeviceptr up, CUdeviceptr down) {}

    private record Scratch(CUdeviceptr x, CUdeviceptr normed, Attending attending, CUdeviceptr gate, CUdeviceptr up) {}

    private record Attending(CUdeviceptr q, CUdeviceptr k, CUdeviceptr v, CUdeviceptr mixed, CUdeviceptr scores) {}

    private CudaTextEngine(CudaDevice device, String name, Kernels kernels, TextWeights weights) {
        this.device = device;
        this.name = name;
        this.kernels = kernels;
        this.shape = weights.shape();
        this.angles = new float[shape.headSize()];
        this.logits = new float[shape.vocabulary()];
        slab.reset(deviceBytes(shape));
        this.pinned = new PinnedMemory(Math.max(STAGING_BYTES, toldBytes() + Float.BYTES * shape.vocabulary()));
        this.told = slab.take(toldBytes());
        this.answer = floats(shape.vocabulary());
        this.learnt = upload(weights);
        this.scratch = new Scratch(floats(shape.width()), floats(shape.width()),
                new Attending(floats(shape.width()), floats(shape.keyWidth()), floats(shape.keyWidth()), floats(shape.width()), floats((long) shape.heads() * shape.context())),
                floats(shape.hidden()), floats(shape.hidden()));
    }

    /**
     * Loads kernels and weights.
     *
     * @throws dev.auspex.executor.cuda.CudaException if the device cannot be used or has too little memory
     * @throws IOException if the kernels are not in this module
     */
    static CudaTextEngine open(int ordinal, String name, TextWeights weights) throws IOException {
        CudaDevice device = CudaDevice.open(ordinal);
        device.use();
        return new CudaTextEngine(device, name, Kernels.of(device.module(Ptx.resource("text"))), weights);
    }

    /** What a model takes, with some room for the ends of its many pieces. */
    static long deviceBytes(TextShape shape) {
        long untied = (long) Float.BYTES * shape.vocabulary() * shape.width();
        long scratch = Float.BYTES * (4L * shape.width() + 2L * shape.keyWidth() + 2L * shape.hidden() + shape.vocabulary());
        return shape.bytes() + untied + scratch + (2L << 20) + 512L * 16 * (shape.layers() + 2);
    }

    @Override
    public String device() {
        return name;
    }

    @Override
    public float[] step(int token, int position, Checkpoint checkpoint) throws dev.auspex.model.CanceledException {
        checkpoint.check();
        device.use();
        TextEngine.angles(shape, position, angles);
        ByteBuffer memory = pinned.bytes();
        memory.putInt(0, token).putInt(Integer.BYTES, position);
        memory.position(ANGLES_AT).slice().order(ByteOrder.nativeOrder()).asFloatBuffer().put(angles);
        queue();
        compute.record(done);
        done.await();
        memory.position(toldBytes()).slice().order(ByteOrder.nativeOrder()).asFloatBuffer().get(logits);
        return logits;
    }

    private void queue() {
        if (!recorded) {
            recorded = true;
            graph = recording();
        }
        CudaGraph whole = graph;
        if (whole == null) {
            launches();
        } else {
            whole.launch(compute);
        }
    }

    private @Nullable CudaGraph recording() {
        try {
            return CudaGraph.isSupported() ? CudaGraph.record(compute, this::launches) : null;
        } catch (CudaException refused) {
            if (refused.fault() != CudaFault.OTHER) {
                throw refused;
            }
            // Slower by the launches, and right all the same.
            LOG.atWarn().addKeyValue("cause", refused.getMessage()).log("the steps of a text are not recorded");
            return null;
        }
    }

    // The same for every token: what differs is read from memory.
    private void launches() {
        compute.upload(pinned, 0, told, toldBytes());
        Scratch s = scratch;
        int width = shape.width();
        compute.launch(kernels.embed, covering(width, 1, BLOCK), BLOCK, of(learnt.embedding), of(told), of(s.x), of(width));
        for (Layer layer : learnt.layers) {
            attention(layer);
            norm(s.x, layer.feed.norm, s.normed);
            product(layer.feed.gate, s.normed, s.gate, shape.hidden(), width, 0);
            product(layer.feed.up, s.normed, s.up, shape.hidden(), width, 0);
            compute.launch(kernels.swiglu, covering(shape.hidden(), 1, BLOCK), BLOCK, of(s.gate), of(s.up), of(shape.hidden()));
            product(layer.feed.down, s.gate, s.x, width, shape.hidden(), 1);
        }
        norm(s.x, learnt.norm, s.normed);
        product(learnt.classifier, s.normed, answer, shape.vocabulary(), width, 0);
        compute.download(answer, pinned, toldBytes(), (long) Float.BYTES * shape.vocabulary());
    }

    private int toldBytes() {
        return ANGLES_AT + Float.BYTES * angles.length;
    }

    @Override
    public void close() {
        device.use();
        compute.drain();
        if (graph != null) {
            graph.close();
        }
        pinned.close();
        slab.close();
        done.close();
        compute.close();
    }

    private void attention(Layer layer) {
        Scratch s = scratch;
        Attending a = s.attending;
        int width = shape.width();
        int size = shape.headSize();
        norm(s.x, layer.attention.norm, s.normed);
        product(layer.attention.q, s.normed, a.q, width, width, 0);
        product(layer.attention.k, s.normed, a.k, shape.keyWidth(), width, 0);
        product(layer.attention.v, s.normed, a.v, shape.keyWidth(), width, 0);
        // In the order of the kernels' parameters.
        compute.launch(kernels.rope, covering(width / 2, 1, BLOCK), BLOCK,
                of(a.q), of(a.k), of(a.v), of(told.withByteOffset(ANGLES_AT)), of(layer.keys), of(layer.values), of(told), of(shape.heads()), of(shape.keyHeads()), of(size / 2));
        compute.launch(kernels.attend, new Extent(shape.heads(), 1), BLOCK,
                of(a.q), of(layer.keys), of(layer.values), of(a.scores), of(a.mixed), of(told), of(shape.context()), of(size), of(shape.heads() / shape.keyHeads()), of(shape.keyWidth()));
        product(layer.attention.o, a.mixed, s.x, width, width, 1);
    }

    private void norm(CUdeviceptr x, CUdeviceptr weight, CUdeviceptr out) {
        compute.launch(kernels.norm, new Extent(1, 1), BLOCK, of(x), of(weight), of(out), of(shape.width()), of(shape.epsilon()));
    }

    private void product(CUdeviceptr matrix, CUdeviceptr x, CUdeviceptr out, int rows, int columns, int add) {
        compute.launch(kernels.matVec, new Extent((rows + WARPS - 1) / WARPS, 1), BLOCK, of(matrix), of(x), of(out), of(rows), of(columns), of(add));
    }

    private Learnt upload(TextWeights weights) {
        StagedUpload staged = new StagedUpload(compute, pinned);
        CUdeviceptr embedding = upload(weights.embedding(), staged);
        long kept = (long) shape.context() * shape.keyWidth();
        List<Layer> layers = new ArrayList<>();
        for (TextWeights.Layer layer : weights.layers()) {
            TextWeights.Attention attention = layer.attention();
            TextWeights.Feed feed = layer.feed();
            layers.add(new Layer(
                    new Attention(upload(attention.norm(), staged), upload(attention.q(), staged), upload(attention.k(), staged), upload(attention.v(), staged), upload(attention.o(), staged)),
                    new Feed(upload(feed.norm(), staged), upload(feed.gate(), staged), upload(feed.up(), staged), upload(feed.down(), staged)),
                    floats(kept), floats(kept)));
        }
        CUdeviceptr classifier = weights.classifier() == weights.embedding() ? embedding : upload(weights.classifier(), staged);
        CUdeviceptr norm = upload(weights.norm(), staged);
        staged.settle();
        return new Learnt(embedding, layers, norm, classifier);
    }

    private CUdeviceptr upload(float[] values, StagedUpload staged) {
        CUdeviceptr to = floats(values.length);
        staged.floats(values, to);
        return to;
    }

    private CUdeviceptr floats(long count) {
        return slab.take(Float.BYTES * count);
    }
}
