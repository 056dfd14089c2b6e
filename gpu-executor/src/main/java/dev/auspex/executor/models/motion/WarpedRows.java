package dev.auspex.executor.models.motion;

import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.Plane;

/** Rows of any frame: every pixel asks the mesh where it looks. Step by step what the kernel in motion.cu does. */
final class WarpedRows implements PlaneRows {

    private final Scene scene;
    private final int plane;
    private final PlaneView view;
    private final WarpMesh mesh;
    private final Lanczos filter;
    private final float footprint;

    WarpedRows(Scene scene, int plane, WarpMesh mesh, Lanczos filter) {
        this.scene = scene;
        this.plane = plane;
        this.view = PlaneView.of(scene, plane);
        this.mesh = mesh;
        this.filter = filter;
        this.footprint = (float) mesh.footprint();
    }

    @Override
    public void render(int fromRow, int toRow, byte[] target) {
        FrameSize size = scene.frame();
        int width = size.width(plane);
        float[] xs = new float[width];
        float[] ys = new float[width];
        for (int row = fromRow; row < toRow; row++) {
            locate(row, xs, ys);
            int at = PlaneView.offset(size, plane, row);
            if (scene.hasBackdrop()) {
                covered(at, xs, ys, target);
            } else {
                plain(at, xs, ys, target);
            }
        }
    }

    private void plain(int at, float[] xs, float[] ys, byte[] target) {
        for (int i = 0; i < xs.length; i++) {
            target[at + i] = PlaneView.toByte(sample(xs[i], ys[i]), plane);
        }
    }

    private void covered(int at, float[] xs, float[] ys, byte[] target) {
        for (int i = 0; i < xs.length; i++) {
            float coverage = PlaneView.coverage(xs[i], view.edgeX(), footprint) * PlaneView.coverage(ys[i], view.edgeY(), footprint);
            float value = coverage == 0 ? 0 : sample(xs[i], ys[i]);
            target[at + i] = PlaneView.toByte(PlaneView.over(value, coverage, scene.backdrop()[at + i]), plane);
        }
    }

    /** Picture coordinates of a row of samples, in the plane's samples. */
    private void locate(int row, float[] xs, float[] ys) {
        float[] nodes = mesh.nodes();
        float cellY = (row * view.step() + view.offsetY()) / WarpMesh.CELL;
        int nodeRow = (int) cellY;
        float fy = cellY - nodeRow;
        int stride = 2 * mesh.columns();
        float scale = 1f / view.step();
        for (int i = 0; i < xs.length; i++) {
            float cellX = (i * view.step() + view.offsetX()) / WarpMesh.CELL;
            int nodeColumn = (int) cellX;
            float fx = cellX - nodeColumn;
            int node = nodeRow * stride + 2 * nodeColumn;
            float upperX = nodes[node] + fx * (nodes[node + 2] - nodes[node]);
            float upperY = nodes[node + 1] + fx * (nodes[node + 3] - nodes[node + 1]);
            node += stride;
            float lowerX = nodes[node] + fx * (nodes[node + 2] - nodes[node]);
            float lowerY = nodes[node + 1] + fx * (nodes[node + 3] - nodes[node + 1]);
            xs[i] = scale * (upperX + fy * (lowerX - upperX));
            ys[i] = scale * (upperY + fy * (lowerY - upperY));
        }
    }

    private float sample(float x, float y) {
        Plane source = view.source();
        int taps = filter.taps();
        float[] weights = filter.weights();
        float shiftedX = x - 0.5f;
        float shiftedY = y - 0.5f;
        int wholeX = (int) Math.floor(shiftedX);
        int wholeY = (int) Math.floor(shiftedY);
        int weightX = taps * (int) ((shiftedX - wholeX) * Lanczos.PHASES + 0.5f);
        int weightY = taps * (int) ((shiftedY - wholeY) * Lanczos.PHASES + 0.5f);
        int at = source.index(Taps.begin(wholeX, source.width(), taps), Taps.begin(wholeY, source.height(), taps));
        float sum = 0;
        for (int tap = 0; tap < taps; tap++, at += source.stride()) {
            sum += weights[weightY + tap] * dot(source.samples(), at, weights, weightX, taps);
        }
        return sum;
    }

    /** The first six are written out: most filters have no more, and a short loop costs more than its body. */
    static float dot(float[] samples, int at, float[] weights, int weight, int taps) {
        float sum = weights[weight] * samples[at]
                + weights[weight + 1] * samples[at + 1]
                + weights[weight + 2] * samples[at + 2]
                + weights[weight + 3] * samples[at + 3]
                + weights[weight + 4] * samples[at + 4]
                + weights[weight + 5] * samples[at + 5];
        for (int tap = 6; tap < taps; tap += 2) {
            sum += weights[weight + tap] * samples[at + tap] + weights[weight + tap + 1] * samples[at + tap + 1];
        }
        return sum;
    }
}
