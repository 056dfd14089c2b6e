package dev.auspex.executor.video;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes a PNG row by row, so that a large picture never lies in memory as a whole (PNG, third edition, W3C 2025). Rows of
 * 8-bit RGB or RGBA, marked as sRGB. The same rows give the same file. One thread.
 */
public final class PngWriter implements AutoCloseable {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'};

    /** Fast enough to keep up with a filter, and within a few percent of the best. */
    private static final int LEVEL = 4;

    private static final int FILTERS = 5;

    private final OutputStream out;
    private final Deflater deflater = new Deflater(LEVEL);
    private final byte[] packed = new byte[1 << 16];
    private final int channels;
    private final byte[][] filtered;
    private byte[] above;
    private byte[] row;
    private int rowsLeft;

    /**
     * Begins a file.
     *
     * @param channels 3 for RGB, 4 for RGBA
     * @throws IOException if it cannot be written
     */
    public PngWriter(Path file, int width, int height, int channels) throws IOException {
        this.channels = channels;
        int bytes = Math.multiplyExact(width, channels);
        this.filtered = new byte[FILTERS][bytes + 1];
        this.above = new byte[bytes];
        this.row = new byte[bytes];
        this.rowsLeft = height;
        this.out = new BufferedOutputStream(Files.newOutputStream(file));
        out.write(SIGNATURE);
        byte colour = (byte) (channels == 4 ? 6 : 2);
        chunk("IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {8, colour, 0, 0, 0}).array(), 13);
        chunk("sRGB", new byte[] {0}, 1);
    }

    /** Writes the next row. @param pixels interleaved channels, from {@code offset} */
    public void row(byte[] pixels, int offset) throws IOException {
        if (rowsLeft-- <= 0) {
            throw new IllegalStateException("more rows than the picture has");
        }
        System.arraycopy(pixels, offset, row, 0, row.length);
        deflater.setInput(best());
        drain();
        byte[] swap = above;
        above = row;
        row = swap;
    }

    /** Completes the file. @throws IllegalStateException if rows are missing */
    public void finish() throws IOException {
        if (rowsLeft != 0) {
            throw new IllegalStateException(rowsLeft + " rows are missing");
        }
        deflater.finish();
        drain();
        chunk("IEND", packed, 0);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        deflater.end();
        out.close();
    }

    private void drain() throws IOException {
        for (int count = deflater.deflate(packed); count > 0; count = deflater.deflate(packed)) {
            chunk("IDAT", packed, count);
        }
    }

    /** The filter whose output has the smallest values, which usually packs best (12.7 of the specification). */
    private byte[] best() {
        int chosen = 0;
        long least = Long.MAX_VALUE;
        for (int filter = 0; filter < FILTERS; filter++) {
            byte[] line = filtered[filter];
            line[0] = (byte) filter;
            long sum = 0;
            for (int i = 0; i < row.length && sum < least; i++) {
                int left = i < channels ? 0 : row[i - channels] & 0xff;
                int up = above[i] & 0xff;
                int corner = i < channels ? 0 : above[i - channels] & 0xff;
                byte value = (byte) (row[i] - predicted(filter, left, up, corner));
                line[i + 1] = value;
                sum += Math.abs(value);
            }
            if (sum < least) {
                least = sum;
                chosen = filter;
            }
        }
        return filtered[chosen];
    }

    private static int predicted(int filter, int left, int up, int corner) {
        return switch (filter) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) / 2;
            default -> paeth(left, up, corner);
        };
    }

    private static int paeth(int left, int up, int corner) {
        int estimate = left + up - corner;
        int toLeft = Math.abs(estimate - left);
        int toUp = Math.abs(estimate - up);
        int toCorner = Math.abs(estimate - corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }

    private void chunk(String type, byte[] data, int length) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data, 0, length);
        out.write(ByteBuffer.allocate(8).putInt(length).put(name).array());
        out.write(data, 0, length);
        out.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
