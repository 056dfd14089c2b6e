package dev.auspex.executor.video;

/** How a stored picture has to be turned to stand upright: the eight values of the EXIF tag 0x0112, in their order. */
public enum Orientation {
    /** 1: as stored. */
    UPRIGHT(false, false, false),
    /** 2: mirrored left to right. */
    MIRRORED(false, true, false),
    /** 3: upside down. */
    HALF_TURN(false, true, true),
    /** 4: mirrored top to bottom. */
    FLIPPED(false, false, true),
    /** 5: rows are columns. */
    TRANSPOSED(true, false, false),
    /** 6: shown after a quarter turn clockwise. */
    QUARTER_TURN(true, false, true),
    /** 7: rows are columns, both reversed. */
    TRANSVERSED(true, true, true),
    /** 8: shown after a quarter turn counter-clockwise. */
    THREE_QUARTER_TURN(true, true, false);

    private final boolean swapped;
    private final boolean reversedX;
    private final boolean reversedY;

    Orientation(boolean swapped, boolean reversedX, boolean reversedY) {
        this.swapped = swapped;
        this.reversedX = reversedX;
        this.reversedY = reversedY;
    }

    /** @param exif the tag's value; anything outside 1 to 8 counts as upright */
    static Orientation of(int exif) {
        return exif >= 1 && exif <= 8 ? values()[exif - 1] : UPRIGHT;
    }

    /** Whether width and height change places. */
    boolean swapsSides() {
        return swapped;
    }

    /** Where a stored sample is shown: column, for a picture stored with these sides. */
    int shownX(int column, int row, int storedWidth, int storedHeight) {
        return swapped ? turned(row, storedHeight, reversedY) : turned(column, storedWidth, reversedX);
    }

    /** Where a stored sample is shown: row, for a picture stored with these sides. */
    int shownY(int column, int row, int storedWidth, int storedHeight) {
        return swapped ? turned(column, storedWidth, reversedX) : turned(row, storedHeight, reversedY);
    }

    private static int turned(int at, int count, boolean reversed) {
        return reversed ? count - 1 - at : at;
    }
}
