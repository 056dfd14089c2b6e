package dev.auspex.executor.video;

import java.io.IOException;

/** Walks the chunks of a PNG (W3C PNG, third edition) for size, animation and orientation. */
final class PngHeader {

    private static final int MAX_CHUNKS = 100_000;
    private static final int MAX_EXIF = 1 << 20;

    private PngHeader() {}

    static PictureHeader read(HeaderReader in) throws IOException, PictureException {
        in.seek(8);
        if (in.u32() != 13 || !in.tag().equals("IHDR")) {
            throw new PictureException("broken PNG: does not begin with its header chunk");
        }
        PictureHeader header = new PictureHeader(PictureFormat.PNG, side(in.u32()), side(in.u32()), in.u8(), Orientation.UPRIGHT);
        in.seek(33);
        for (int chunk = 0; chunk < MAX_CHUNKS && in.length() - in.position() >= 12; chunk++) {
            long size = in.u32();
            String tag = in.tag();
            long next = in.position() + size + 4;
            if (tag.equals("acTL") && in.u32() > 1) {
                throw new PictureException("an animated PNG; send a still picture");
            }
            if (tag.equals("eXIf") && size <= MAX_EXIF) {
                header = header.oriented(ExifOrientation.find(in.bytes((int) size)));
            }
            if (tag.equals("IEND") || next > in.length()) {
                break;
            }
            in.seek(next);
        }
        return header;
    }

    private static int side(long value) {
        return (int) Math.min(value, Integer.MAX_VALUE);
    }
}
