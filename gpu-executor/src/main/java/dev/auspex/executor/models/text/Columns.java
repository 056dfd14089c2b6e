package dev.auspex.executor.models.text;

import dev.auspex.executor.models.render.RowWorkers;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;

/** A matrix kept column by column: its product with a vector is then a sum of columns, which the JIT turns into vector instructions. */
final class Columns {

    /** Rows of a piece of work. */
    private static final int ROWS = 512;

    /** Below this, sharing the work costs more than it saves. */
    private static final int SMALL = 1 << 20;

    private final float[] values;
    private final int rows;
    private final int columns;

    /** @param matrix row-major (rows, columns) */
    Columns(float[] matrix, int rows) {
        this.rows = rows;
        this.columns = matrix.length / rows;
        this.values = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                values[column * rows + row] = matrix[row * columns + column];
            }
        }
    }

    /** Adds the product with {@code x} to {@code out}. */
    void addProduct(float[] x, float[] out, RowWorkers workers, Checkpoint checkpoint) throws CanceledException {
        if (values.length < SMALL) {
            add(x, out, 0, rows);
        } else {
            workers.run((rows + ROWS - 1) / ROWS, checkpoint, piece -> add(x, out, piece * ROWS, Math.min(rows, (piece + 1) * ROWS)));
        }
    }

    /** Puts the product with {@code x} into {@code out}. */
    void product(float[] x, float[] out, RowWorkers workers, Checkpoint checkpoint) throws CanceledException {
        java.util.Arrays.fill(out, 0, rows, 0);
        addProduct(x, out, workers, checkpoint);
    }

    private void add(float[] x, float[] out, int from, int to) {
        for (int column = 0; column < columns; column++) {
            float factor = x[column];
            int at = column * rows;
            for (int row = from; row < to; row++) {
                out[row] += factor * values[at + row];
            }
        }
    }
}
