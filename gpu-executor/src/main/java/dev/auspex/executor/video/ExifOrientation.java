package dev.auspex.executor.video;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Finds the orientation tag in an EXIF block; a broken block counts as upright, as every viewer treats it. */
final class ExifOrientation {

    private static final int ORIENTATION_TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int ENTRY_BYTES = 12;
    private static final byte[] JPEG_PREFIX = {'E', 'x', 'i', 'f', 0, 0};

    private ExifOrientation() {}

    /** @param block TIFF structure, with or without the prefix that JPEG puts before it */
    static Orientation find(byte[] block) {
        boolean prefixed = block.length >= 6 && java.util.Arrays.equals(block, 0, 6, JPEG_PREFIX, 0, 6);
        ByteBuffer tiff = ByteBuffer.wrap(block, prefixed ? 6 : 0, block.length - (prefixed ? 6 : 0)).slice();
        if (tiff.limit() < 8) {
            return Orientation.UPRIGHT;
        }
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = Integer.toUnsignedLong(tiff.getInt(4));
        if (tiff.getShort(2) != 42 || directory < 8 || directory + 2 > tiff.limit()) {
            return Orientation.UPRIGHT;
        }
        int at = (int) directory + 2;
        int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
        for (int i = 0; i < entries && at + ENTRY_BYTES <= tiff.limit(); i++, at += ENTRY_BYTES) {
            if (Short.toUnsignedInt(tiff.getShort(at)) == ORIENTATION_TAG && tiff.getShort(at + 2) == SHORT) {
                return Orientation.of(Short.toUnsignedInt(tiff.getShort(at + 8)));
            }
        }
        return Orientation.UPRIGHT;
    }
}
