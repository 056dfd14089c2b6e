package dev.auspex.executor.models.motion;

import dev.auspex.executor.models.render.Lanczos;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.Plane;

/** Rows of a frame whose axes are the picture's: filters down first, which runs along memory, then across. */
final class StraightRows implements PlaneRows {

    private final Scene scene;
    private final int plane;
    private final PlaneView view;
    private final Lanczos filter;
    private final Taps across;
    private final Taps down;
    private final float footprint;

    StraightRows(Scene scene, int plane, WarpMesh mesh, Lanczos filter) {
        this.scene = scene;
        this.plane = plane;
        this.view = PlaneView.of(scene, plane);
        this.filter = filter;
        this.footprint = (float) mesh.unitsPerPixel();
        FrameSize size = scene.frame();
        double units = mesh.unitsPerPixel();
        this.across = new Taps(size.width(plane), (mesh.left() + view.offsetX() * units) / view.step(), units, view.source().width(), filter.taps());
        this.down = new Taps(size.height(plane), (mesh.top() + view.offsetY() * units) / view.step(), units, view.source().height(), filter.taps());
    }

    @Override
    public void render(int fromRow, int toRow, byte[] target) {
        FrameSize size = scene.frame();
        int width = size.width(plane);
        int left = across.first(0);
        int span = across.first(width - 1) + filter.taps() - left;
        float[] column = new float[span];
        float[] line = new float[width];
        for (int row = fromRow; row < toRow; row++) {
            down(row, left, column);
            across(left, column, line);
            int at = PlaneView.offset(size, plane, row);
            if (scene.hasBackdrop()) {
                cover(row, at, line);
            }
            for (int x = 0; x < width; x++) {
                target[at + x] = PlaneView.toByte(line[x], plane);
            }
        }
    }

    private void down(int row, int left, float[] column) {
        Plane source = view.source();
        float[] samples = source.samples();
        float[] weights = filter.weights();
        int stride = source.stride();
        int at = source.index(left, down.first(row));
        int weight = down.weights(row);
        java.util.Arrays.fill(column, 0);
        for (int tap = 0; tap < filter.taps(); tap += 2, at += 2 * stride) {
            pair(samples, at, weights[weight + tap], at + stride, weights[weight + tap + 1], column);
        }
    }

    /** Kept small and free of fields so that the compiler turns it into vector instructions. */
    private static void pair(float[] samples, int upper, float upperWeight, int lower, float lowerWeight, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += upperWeight * samples[upper + i] + lowerWeight * samples[lower + i];
        }
    }

    private void across(int left, float[] column, float[] line) {
        float[] weights = filter.weights();
        int taps = filter.taps();
        for (int x = 0; x < line.length; x++) {
            line[x] = WarpedRows.dot(column, across.first(x) - left, weights, across.weights(x), taps);
        }
    }

    private void cover(int row, int at, float[] line) {
        float coverY = PlaneView.coverage(down.centre(row), view.edgeY(), footprint);
        for (int x = 0; x < line.length; x++) {
            float coverage = coverY * PlaneView.coverage(across.centre(x), view.edgeX(), footprint);
            line[x] = PlaneView.over(line[x], coverage, scene.backdrop()[at + x]);
        }
    }
}
