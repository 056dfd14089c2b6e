package dev.auspex.executor.video;

/** Takes encoded R'G'B' rows as stored and builds an upright {@link Picture}, BT.709 (ITU-R BT.709-6, 3.2 and 3.4). */
final class PictureWriter {

    private static final float KR = 0.2126f;
    private static final float KB = 0.0722f;
    private static final float KG = 1 - KR - KB;

    private final int storedWidth;
    private final int storedHeight;
    private final Orientation orientation;
    private final Plane luma;
    private final Plane blue;
    private final Plane red;

    PictureWriter(int storedWidth, int storedHeight, Orientation orientation) {
        this.storedWidth = storedWidth;
        this.storedHeight = storedHeight;
        this.orientation = orientation;
        int width = orientation.swapsSides() ? storedHeight : storedWidth;
        int height = orientation.swapsSides() ? storedWidth : storedHeight;
        this.luma = Plane.of(width, height);
        this.blue = Plane.of((width + 1) / 2, (height + 1) / 2);
        this.red = Plane.of((width + 1) / 2, (height + 1) / 2);
    }

    /** @param rgb interleaved triples, 0 to 255 */
    void row(int row, float[] rgb) {
        for (int column = 0; column < storedWidth; column++) {
            float r = rgb[3 * column];
            float g = rgb[3 * column + 1];
            float b = rgb[3 * column + 2];
            int x = orientation.shownX(column, row, storedWidth, storedHeight);
            int y = orientation.shownY(column, row, storedWidth, storedHeight);
            float brightness = KR * r + KG * g + KB * b;
            luma.samples()[luma.index(x, y)] = 16 + brightness * (219f / 255);
            int colour = blue.index(x >> 1, y >> 1);
            blue.samples()[colour] += (b - brightness) * share(x, y);
            red.samples()[colour] += (r - brightness) * share(x, y);
        }
    }

    Picture finish() {
        toChroma(blue, 2 * (1 - KB));
        toChroma(red, 2 * (1 - KR));
        luma.repeatEdges();
        blue.repeatEdges();
        red.repeatEdges();
        return new Picture(luma, blue, red);
    }

    /** A colour sample is the mean of the two by two pixels it covers; at an odd edge there are fewer. */
    private float share(int x, int y) {
        boolean lastColumn = (luma.width() & 1) == 1 && x == luma.width() - 1;
        boolean lastRow = (luma.height() & 1) == 1 && y == luma.height() - 1;
        return (lastColumn ? 1 : 0.5f) * (lastRow ? 1 : 0.5f);
    }

    private static void toChroma(Plane plane, float range) {
        float scale = 224f / 255 / range;
        for (int y = 0; y < plane.height(); y++) {
            int start = plane.index(0, y);
            for (int i = start; i < start + plane.width(); i++) {
                plane.samples()[i] = 128 + plane.samples()[i] * scale;
            }
        }
    }
}
