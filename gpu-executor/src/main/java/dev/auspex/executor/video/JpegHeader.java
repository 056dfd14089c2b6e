package dev.auspex.executor.video;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Walks the markers of a JPEG (ITU-T T.81) up to its frame header. */
final class JpegHeader {

    private static final int MAX_SEGMENTS = 10_000;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private JpegHeader() {}

    static PictureHeader read(HeaderReader in) throws IOException, PictureException {
        in.seek(2);
        Orientation orientation = Orientation.UPRIGHT;
        for (int segment = 0; segment < MAX_SEGMENTS; segment++) {
            int marker = marker(in);
            if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
                continue;
            }
            if (marker == 0xd9 || marker == 0xda) {
                throw new PictureException("broken JPEG: no frame header before its data");
            }
            int size = in.u16();
            long next = in.position() + size - 2;
            if (isFrameHeader(marker)) {
                int depth = in.u8();
                int height = in.u16();
                return new PictureHeader(PictureFormat.JPEG, in.u16(), height, depth, orientation);
            }
            if (marker == 0xe1 && size > 2 + EXIF.length) {
                byte[] body = in.bytes(size - 2);
                if (Arrays.equals(body, 0, EXIF.length, EXIF, 0, EXIF.length)) {
                    orientation = ExifOrientation.find(Arrays.copyOfRange(body, EXIF.length, body.length));
                }
            }
            in.seek(next);
        }
        throw new PictureException("broken JPEG: more than " + MAX_SEGMENTS + " segments before its frame header");
    }

    private static int marker(HeaderReader in) throws IOException, PictureException {
        if (in.u8() != 0xff) {
            throw new PictureException("broken JPEG: a marker is missing at byte " + (in.position() - 1));
        }
        int marker = in.u8();
        for (int fill = 0; marker == 0xff && fill < 64; fill++) {
            marker = in.u8();
        }
        return marker;
    }

    /** SOF0 to SOF15 without DHT, JPG and DAC, which share the range. */
    private static boolean isFrameHeader(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }
}
