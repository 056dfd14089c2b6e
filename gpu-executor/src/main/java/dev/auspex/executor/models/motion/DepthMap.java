package dev.auspex.executor.models.motion;

import dev.auspex.executor.video.Picture;
import dev.auspex.executor.video.Plane;

/**
 * A guess at how near each part of a picture is, from 0 (far) to 1 (near), very smooth so that warping by it bends nothing
 * sharply and tears nothing. The guess: the lower, the nearer; the middle, where subjects stand, nearer; what is sharp and
 * rich in detail nearer than what is blurred or sky. Immutable.
 */
final class DepthMap {

    private static final int LONG_SIDE = 160;
    private static final double GROUND = 0.45;
    private static final double SUBJECT = 0.4;
    private static final double DETAIL = 0.35;
    private static final double SMOOTHNESS = 0.055;
    private static final double RIM = 0.18;

    private final float[] depth;
    private final int columns;
    private final int rows;
    private final double perColumn;
    private final double perRow;

    private DepthMap(float[] depth, int columns, int rows, Picture picture) {
        this.depth = depth;
        this.columns = columns;
        this.rows = rows;
        this.perColumn = (double) columns / picture.width();
        this.perRow = (double) rows / picture.height();
    }

    /**
     * Guesses.
     *
     * @param stillEdges whether the picture's edges keep the pivot's depth, so that they stay straight lines: where they are seen
     */
    static DepthMap of(Picture picture, boolean stillEdges) {
        double scale = (double) LONG_SIDE / Math.max(picture.width(), picture.height());
        int columns = Math.max(2, (int) Math.round(picture.width() * scale));
        int rows = Math.max(2, (int) Math.round(picture.height() * scale));
        float[] detail = detail(picture.luma(), columns, rows);
        Smoothing.blur(detail, columns, rows, SMOOTHNESS * LONG_SIDE);
        stretch(detail);
        float[] depth = new float[columns * rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double x = (column + 0.5) / columns;
                double y = (row + 0.5) / rows;
                double subject = Math.exp(-square((x - 0.5) / 0.28) - square((y - 0.58) / 0.34));
                int at = row * columns + column;
                depth[at] = (float) (GROUND * y * y * (3 - 2 * y) + SUBJECT * subject + DETAIL * detail[at]);
            }
        }
        Smoothing.blur(depth, columns, rows, SMOOTHNESS * LONG_SIDE);
        stretch(depth);
        if (stillEdges) {
            flattenRim(depth, columns, rows);
        }
        return new DepthMap(depth, columns, rows, picture);
    }

    /** The depth at a point in picture coordinates; outside the picture that of the nearest edge. */
    double at(double x, double y) {
        double column = Math.clamp(x * perColumn - 0.5, 0, columns - 1.000001);
        double row = Math.clamp(y * perRow - 0.5, 0, rows - 1.000001);
        int c = (int) column;
        int r = (int) row;
        double fx = column - c;
        double fy = row - r;
        int at = r * columns + c;
        double upper = depth[at] + fx * (depth[at + 1] - depth[at]);
        double lower = depth[at + columns] + fx * (depth[at + columns + 1] - depth[at + columns]);
        return upper + fy * (lower - upper);
    }

    /** Mean brightness step from sample to sample in each cell. */
    private static float[] detail(Plane luma, int columns, int rows) {
        float[] detail = new float[columns * rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                detail[row * columns + column] = (float) Math.sqrt(roughness(
                        luma,
                        column * luma.width() / columns,
                        Math.max(1, luma.width() / columns),
                        row * luma.height() / rows,
                        Math.max(1, luma.height() / rows)));
            }
        }
        return detail;
    }

    private static float roughness(Plane luma, int left, int width, int top, int height) {
        float[] samples = luma.samples();
        float sum = 0;
        for (int y = top; y < top + height; y++) {
            int at = luma.index(left, y);
            for (int x = 0; x < width; x++, at++) {
                sum += Math.abs(samples[at + 1] - samples[at]) + Math.abs(samples[at + luma.stride()] - samples[at]);
            }
        }
        return sum / (width * height);
    }

    private static void flattenRim(float[] depth, int columns, int rows) {
        for (int at = 0; at < depth.length; at++) {
            double inside = rise((at % columns + 0.5) / columns) * rise((Math.floorDiv(at, columns) + 0.5) / rows);
            depth[at] = (float) (Lens.PIVOT_DEPTH + inside * (depth[at] - Lens.PIVOT_DEPTH));
        }
    }

    /** 0 at both ends of a side, 1 away from them, smooth. */
    private static double rise(double along) {
        double t = Math.min(1, Math.min(along, 1 - along) / RIM);
        return t * t * (3 - 2 * t);
    }

    private static void stretch(float[] values) {
        float min = values[0];
        float max = values[0];
        for (float value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        float range = Math.max(max - min, 1e-6f);
        for (int i = 0; i < values.length; i++) {
            values[i] = (values[i] - min) / range;
        }
    }

    private static double square(double x) {
        return x * x;
    }
}
