package dev.auspex.executor.models.motion;

import dev.auspex.executor.models.render.Lanczos;
import dev.auspex.executor.models.render.RowWorkers;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.model.CanceledException;
import org.jspecify.annotations.Nullable;

/** Makes frames with the processor: bands of rows on a few threads. Straight frames go axis by axis, which is several times faster. */
final class CpuFrameRenderer implements FrameRenderer {

    private static final int BAND = 16;

    private final RowWorkers workers;
    private final int threads;
    private @Nullable Scene scene;
    private @Nullable Lanczos filter;
    private double filterFootprint;

    /** @param threads that work on one frame */
    CpuFrameRenderer(int threads) {
        this.threads = threads;
        this.workers = new RowWorkers(threads);
    }

    @Override
    public String device() {
        return "cpu, " + threads + (threads == 1 ? " thread" : " threads");
    }

    @Override
    public void load(Scene next) {
        scene = next;
    }

    @Override
    public void start(WarpMesh mesh, byte[] target, Checkpoint checkpoint) throws CanceledException {
        Scene current = scene;
        if (current == null) {
            throw new IllegalStateException("no scene is loaded");
        }
        Lanczos lanczos = filterFor(mesh.footprint());
        FrameSize size = current.frame();
        PlaneRows[] planes = new PlaneRows[3];
        int[] firstBand = new int[4];
        for (int plane = 0; plane < 3; plane++) {
            planes[plane] = mesh.straight()
                    ? new StraightRows(current, plane, mesh, lanczos)
                    : new WarpedRows(current, plane, mesh, lanczos);
            firstBand[plane + 1] = firstBand[plane] + (size.height(plane) + BAND - 1) / BAND;
        }
        workers.run(firstBand[3], checkpoint, band -> {
            int plane = band < firstBand[1] ? 0 : band < firstBand[2] ? 1 : 2;
            int from = (band - firstBand[plane]) * BAND;
            planes[plane].render(from, Math.min(from + BAND, size.height(plane)), target);
        });
    }

    @Override
    public void finish() {
        // start() returns when the frame is done: with processors only, waiting in between would gain nothing.
    }

    @Override
    public void close() {
        workers.close();
    }

    private Lanczos filterFor(double footprint) {
        Lanczos known = filter;
        if (known == null || footprint != filterFootprint) {
            known = Lanczos.forFootprint(footprint);
            filter = known;
            filterFootprint = footprint;
        }
        return known;
    }
}
