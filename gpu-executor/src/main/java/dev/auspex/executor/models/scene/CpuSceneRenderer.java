package dev.auspex.executor.models.scene;

import dev.auspex.executor.models.render.RowWorkers;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.model.CanceledException;

/** Makes frames with the processor: pairs of rows on a few threads. */
final class CpuSceneRenderer implements SceneRenderer {

    private final RowWorkers workers;
    private final int threads;
    private FrameSize size = new FrameSize(FrameSize.MIN, FrameSize.MIN);
    private int samples = 1;

    /** @param threads that work on one frame */
    CpuSceneRenderer(int threads) {
        this.threads = threads;
        this.workers = new RowWorkers(threads);
    }

    @Override
    public String device() {
        return "cpu, " + threads + (threads == 1 ? " thread" : " threads");
    }

    @Override
    public void load(FrameSize size, int samples) {
        this.size = size;
        this.samples = samples;
    }

    @Override
    public void start(float[] uniforms, byte[] target, Checkpoint checkpoint) throws CanceledException {
        FramePixels pixels = new FramePixels(uniforms, size, samples, target);
        workers.run(size.height() / 2, checkpoint, pixels::rows);
    }

    @Override
    public void finish() {
        // start() returns when the frame is done.
    }

    @Override
    public void close() {
        workers.close();
    }
}
