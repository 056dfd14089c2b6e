package dev.auspex.executor.models.upscale;

import dev.auspex.executor.models.render.RowWorkers;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.Plane;
import dev.auspex.model.CanceledException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Enlarges with the processor: bands of rows on a few threads. */
final class CpuEnlarger implements Enlarger {

    private static final int ROWS = 16;

    private final RowWorkers workers;
    private final int threads;
    private @Nullable Enlargement how;
    private List<Plane> planes = List.of();

    /** @param threads that work together */
    CpuEnlarger(int threads) {
        this.threads = threads;
        this.workers = new RowWorkers(threads);
    }

    @Override
    public String device() {
        return "cpu, " + threads + (threads == 1 ? " thread" : " threads");
    }

    @Override
    public void begin(int targetBytes) {
        // start() returns when the target is filled: nothing is ever on its way.
    }

    @Override
    public void load(Original original, Enlargement how, Checkpoint checkpoint) throws CanceledException {
        List<Plane> loaded = new ArrayList<>(original.planes());
        for (Original.Group group : original.groups()) {
            List<Plane> sources = group.planes().stream().map(loaded::get).toList();
            List<Plane> targets = sources.stream().map(plane -> Plane.of(plane.width(), plane.height())).toList();
            Denoiser denoiser = new Denoiser(group.guide(), sources, targets, how.inverse());
            int height = group.guide().height();
            workers.run((height + ROWS - 1) / ROWS, checkpoint, band -> denoiser.rows(band * ROWS, Math.min(height, (band + 1) * ROWS)));
            targets.forEach(Plane::repeatEdges);
            for (int i = 0; i < targets.size(); i++) {
                loaded.set(group.planes().get(i), targets.get(i));
            }
        }
        this.planes = List.copyOf(loaded);
        this.how = how;
    }

    @Override
    public void start(List<Band> bands, byte[] target, Checkpoint checkpoint) throws CanceledException {
        Enlargement current = how;
        if (current == null) {
            throw new IllegalStateException("nothing is loaded");
        }
        ScaleFilter centred = ScaleFilter.centred(current.scale());
        ScaleFilter sited = ScaleFilter.leftSited(current.scale());
        for (Band band : bands) {
            Plane source = planes.get(band.plane());
            Band.Layout layout = band.layout();
            int rows = band.rows().count();
            workers.run((rows + ROWS - 1) / ROWS, checkpoint, piece -> {
                EnlargedRows enlarged = new EnlargedRows(source, band.leftSited() ? sited : centred, centred);
                for (int row = piece * ROWS; row < Math.min(rows, (piece + 1) * ROWS); row++) {
                    enlarged.row(band.rows().from() + row, target, layout.offset() + row * layout.stride(), layout.step());
                }
            });
        }
    }

    @Override
    public void finish() {
        // With processors only, waiting in between would gain nothing.
    }

    @Override
    public void close() {
        workers.close();
    }
}
