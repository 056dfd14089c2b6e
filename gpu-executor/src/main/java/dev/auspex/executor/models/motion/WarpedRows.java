package dev.auspex.executor.models.motion;

import dev.auspex.executor.models.render.Lanczos;
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
        float[] line = new float[width];
        for (int row = fromRow; row < toRow; row++) {
            int at = PlaneView.offset(size, plane, row);
            locate(row, xs, ys);
            sample(xs, ys, line);
            if (scene.hasBackdrop()) {
                cover(at, xs, ys, line);
            }
            for (int i = 0; i < width; i++) {
                target[at + i] = PlaneView.toByte(line[i], plane);
            }
        }
    }

    /** Picture coordinates of a row of samples, in the plane's samples. */
    private void locate(int row, float[] xs, float[] ys) {
        float[] nodes = mesh.nodes();
        float cellY = (row * view.step() + view.offsetY()) / WarpMesh.CELL;
        int nodeRow = (int) cellY;
        float fy = cellY - nodeRow;
        int stride = 2 * mesh.columns();
        int step = view.step();
        float offset = view.offsetX();
        float scale = 1f / step;
        for (int i = 0; i < xs.length; i++) {
            float cellX = (i * step + offset) / WarpMesh.CELL;
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

    private void sample(float[] xs, float[] ys, float[] line) {
        Plane source = view.source();
        float[] samples = source.samples();
        float[] weights = filter.weights();
        int stride = source.stride();
        int taps = filter.taps();
        for (int i = 0; i < line.length; i++) {
            float x = xs[i] - 0.5f;
            float y = ys[i] - 0.5f;
            int wholeX = floor(x);
            int wholeY = floor(y);
            int weightX = taps * (int) ((x - wholeX) * Lanczos.PHASES + 0.5f);
            int weightY = taps * (int) ((y - wholeY) * Lanczos.PHASES + 0.5f);
            int at = source.index(Taps.begin(wholeX, source.width(), taps), Taps.begin(wholeY, source.height(), taps));
            line[i] = taps == 6
                    ? six(samples, at, stride, weights, weightX, weightY)
                    : any(samples, at, stride, weights, weightX, weightY, taps);
        }
    }

    private void cover(int at, float[] xs, float[] ys, float[] line) {
        for (int i = 0; i < line.length; i++) {
            float coverage = PlaneView.coverage(xs[i], view.edgeX(), footprint) * PlaneView.coverage(ys[i], view.edgeY(), footprint);
            line[i] = PlaneView.over(line[i], coverage, scene.backdrop()[at + i]);
        }
    }

    private static float any(float[] samples, int at, int stride, float[] weights, int weightX, int weightY, int taps) {
        float sum = 0;
        for (int tap = 0; tap < taps; tap++) {
            sum += weights[weightY + tap] * dot(samples, at + tap * stride, weights, weightX, taps);
        }
        return sum;
    }

    /** The usual case, written out, with the weights across kept in registers: half the time of the loop. */
    private static float six(float[] samples, int at, int stride, float[] weights, int x, int y) {
        float a = weights[x];
        float b = weights[x + 1];
        float c = weights[x + 2];
        float d = weights[x + 3];
        float e = weights[x + 4];
        float f = weights[x + 5];
        float even = weights[y] * six(samples, at, a, b, c, d, e, f);
        float odd = weights[y + 1] * six(samples, at + stride, a, b, c, d, e, f);
        even += weights[y + 2] * six(samples, at + 2 * stride, a, b, c, d, e, f);
        odd += weights[y + 3] * six(samples, at + 3 * stride, a, b, c, d, e, f);
        even += weights[y + 4] * six(samples, at + 4 * stride, a, b, c, d, e, f);
        odd += weights[y + 5] * six(samples, at + 5 * stride, a, b, c, d, e, f);
        return even + odd;
    }

    private static float six(float[] samples, int at, float a, float b, float c, float d, float e, float f) {
        return (a * samples[at] + b * samples[at + 1])
                + (c * samples[at + 2] + d * samples[at + 3])
                + (e * samples[at + 4] + f * samples[at + 5]);
    }

    /** The first six are written out: most filters have no more, and a short loop costs more than its body. */
    static float dot(float[] samples, int at, float[] weights, int weight, int taps) {
        float sum = six(samples, at, weights[weight], weights[weight + 1], weights[weight + 2], weights[weight + 3], weights[weight + 4], weights[weight + 5]);
        for (int tap = 6; tap < taps; tap += 2) {
            sum += weights[weight + tap] * samples[at + tap] + weights[weight + tap + 1] * samples[at + tap + 1];
        }
        return sum;
    }

    /** Faster than {@code Math.floor}, which goes by way of double. */
    private static int floor(float value) {
        int whole = (int) value;
        return whole > value ? whole - 1 : whole;
    }
}
