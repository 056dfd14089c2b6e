package dev.auspex.executor.models.motion;

import dev.auspex.executor.video.FrameSize;
import org.jspecify.annotations.Nullable;

/**
 * Where every pixel of one frame looks in the picture: exact at the nodes of a grid over the frame, linear between them.
 * Renderers know nothing of cameras but this. Filled by the predicting thread, read by the renderer until it has finished
 * the frame.
 */
final class WarpMesh {

    /** Frame pixels from node to node; a power of two, so that dividing by it is exact. */
    static final int CELL = 8;

    private static final int DEPTH_STEPS = 5;
    private static final int FOOTPRINT_STEP = 8;

    private final FrameSize frame;
    private final int columns;
    private final int rows;
    private final float[] nodes;
    private boolean straight;
    private double unitsPerPixel;
    private double footprint;

    WarpMesh(FrameSize frame) {
        this.frame = frame;
        this.columns = (frame.width() + CELL - 1) / CELL + 1;
        this.rows = (frame.height() + CELL - 1) / CELL + 1;
        this.nodes = new float[2 * columns * rows];
    }

    /** Interleaved picture coordinates (x, y) of the nodes, row by row. */
    float[] nodes() {
        return nodes;
    }

    /** Nodes per row. */
    int columns() {
        return columns;
    }

    /** Rows of nodes. */
    int rows() {
        return rows;
    }

    /** Whether frame rows and columns lie along picture rows and columns: such a frame can be made axis by axis. */
    boolean straight() {
        return straight;
    }

    /** Picture samples from one frame pixel to the next, of a straight mesh. */
    double unitsPerPixel() {
        return unitsPerPixel;
    }

    /** Picture coordinate of the frame's left edge, of a straight mesh. */
    double left() {
        return nodes[0];
    }

    /** Picture coordinate of the frame's upper edge, of a straight mesh. */
    double top() {
        return nodes[1];
    }

    /** Picture samples per frame pixel where it is largest. */
    double footprint() {
        return footprint;
    }

    /** @param depth may be absent for a camera without relief */
    void fill(Camera camera, Framing framing, @Nullable DepthMap depth) {
        straight = camera.tilt().isStraight() && camera.relief().isFlat();
        unitsPerPixel = framing.unitsPerPixel() / camera.zoom();
        Lens lens = new Lens(frame, camera.tilt());
        for (int row = 0, at = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++, at += 2) {
                lens.look(column * CELL - frame.width() / 2.0, row * CELL - frame.height() / 2.0);
                if (depth != null && !camera.relief().isFlat()) {
                    sink(lens, camera, depth);
                }
                nodes[at] = (float) (camera.x() + lens.x * unitsPerPixel);
                nodes[at + 1] = (float) (camera.y() + lens.y * unitsPerPixel);
            }
        }
        footprint = straight ? unitsPerPixel : largestStep();
    }

    /**
     * Finds the point that depth moves to where the lens looks. Each step is a continuous function of the last and depth is
     * smooth, so neighbours stay neighbours: there are no holes and no folds to fill.
     */
    private void sink(Lens lens, Camera camera, DepthMap depth) {
        double seenX = lens.x;
        double seenY = lens.y;
        double shift = camera.relief().shift() * frame.width();
        for (int step = 0; step < DEPTH_STEPS; step++) {
            double height = depth.at(camera.x() + lens.x * unitsPerPixel, camera.y() + lens.y * unitsPerPixel) - Lens.PIVOT_DEPTH;
            double growth = 1 + camera.relief().growth() * height;
            lens.x = (seenX - shift * height) / growth;
            lens.y = seenY / growth;
        }
    }

    private double largestStep() {
        double largest = 0;
        for (int row = 0; row < rows - 1; row += FOOTPRINT_STEP) {
            for (int column = 0; column < columns - 1; column += FOOTPRINT_STEP) {
                int at = 2 * (row * columns + column);
                largest = Math.max(largest, Math.max(distance(at, at + 2), distance(at, at + 2 * columns)));
            }
        }
        return largest / CELL;
    }

    private double distance(int from, int to) {
        return Math.hypot(nodes[to] - nodes[from], nodes[to + 1] - nodes[from + 1]);
    }
}
