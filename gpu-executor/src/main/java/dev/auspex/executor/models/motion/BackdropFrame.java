package dev.auspex.executor.models.motion;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.Picture;
import dev.auspex.executor.video.Plane;
import dev.auspex.model.CanceledException;
import java.util.Arrays;

/** Makes what is seen around a picture that does not fill the frame. */
final class BackdropFrame {

    private static final int CELLS = 64;
    private static final double BLUR = 3;
    private static final float BRIGHTNESS = 0.5f;
    private static final float COLOUR = 0.75f;
    private static final byte NEUTRAL = (byte) 128;

    private BackdropFrame() {}

    /** A whole frame; made by {@code renderer}, whose scene is lost. */
    static byte[] make(Backdrop backdrop, Picture picture, FrameSize size, FrameRenderer renderer, Checkpoint checkpoint) throws CanceledException {
        byte[] frame = new byte[size.bytes()];
        switch (backdrop) {
            case BLACK -> plain(frame, size, Scene.FLOOR);
            case WHITE -> plain(frame, size, Scene.ceiling(0));
            case BLUR -> blurred(frame, picture, size, renderer, checkpoint);
        }
        return frame;
    }

    private static void plain(byte[] frame, FrameSize size, int brightness) {
        Arrays.fill(frame, 0, size.offset(1), (byte) brightness);
        Arrays.fill(frame, size.offset(1), frame.length, NEUTRAL);
    }

    private static void blurred(byte[] frame, Picture picture, FrameSize size, FrameRenderer renderer, Checkpoint checkpoint) throws CanceledException {
        double scale = Math.min(1, (double) CELLS / Math.max(picture.width(), picture.height()));
        int columns = Math.max(1, (int) Math.round(picture.width() * scale));
        int rows = Math.max(1, (int) Math.round(picture.height() * scale));
        Plane luma = small(picture.luma(), columns, rows, BLUR, Scene.FLOOR, BRIGHTNESS);
        Plane blue = small(picture.blue(), (columns + 1) / 2, (rows + 1) / 2, BLUR / 2, 128, COLOUR);
        Plane red = small(picture.red(), (columns + 1) / 2, (rows + 1) / 2, BLUR / 2, 128, COLOUR);
        renderer.load(new Scene(new Picture(luma, blue, red), size, new byte[0]));
        Framing framing = new Framing(columns, rows, size, Fit.COVER, Focus.CENTER);
        WarpMesh mesh = new WarpMesh(size);
        mesh.fill(Camera.flat(columns / 2.0, rows / 2.0, 1), framing, null);
        renderer.start(mesh, frame, checkpoint);
        renderer.finish();
    }

    /** A blurred plane of means, its values moved towards {@code origin}. */
    private static Plane small(Plane plane, int columns, int rows, double blur, float origin, float amount) {
        float[] cells = new float[columns * rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                cells[row * columns + column] = mean(plane, bounds(column, columns, plane.width()), bounds(row, rows, plane.height()));
            }
        }
        Smoothing.blur(cells, columns, rows, blur);
        for (int i = 0; i < cells.length; i++) {
            cells[i] = origin + amount * (cells[i] - origin);
        }
        return Plane.of(cells, columns, rows);
    }

    private static int[] bounds(int cell, int cells, int side) {
        int from = Math.min(side - 1, (int) ((long) cell * side / cells));
        return new int[] {from, Math.max(from + 1, (int) ((cell + 1L) * side / cells))};
    }

    private static float mean(Plane plane, int[] x, int[] y) {
        double sum = 0;
        for (int row = y[0]; row < y[1]; row++) {
            for (int at = plane.index(x[0], row); at < plane.index(x[1], row); at++) {
                sum += plane.samples()[at];
            }
        }
        return (float) (sum / (x[1] - x[0]) / (y[1] - y[0]));
    }
}
