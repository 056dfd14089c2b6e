package dev.auspex.executor.video;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads the few header bytes of a picture without touching the rest. One thread. */
final class HeaderReader implements Closeable {

    private final RandomAccessFile file;

    HeaderReader(Path path) throws IOException {
        this.file = new RandomAccessFile(path.toFile(), "r");
    }

    long position() throws IOException {
        return file.getFilePointer();
    }

    long length() throws IOException {
        return file.length();
    }

    void seek(long position) throws IOException {
        if (position > file.length()) {
            throw new EOFException("ends inside its header");
        }
        file.seek(position);
    }

    int u8() throws IOException {
        return bytes(1)[0] & 0xff;
    }

    int u16() throws IOException {
        byte[] b = bytes(2);
        return ((b[0] & 0xff) << 8) | (b[1] & 0xff);
    }

    long u32() throws IOException {
        return ((long) u16() << 16) | u16();
    }

    long littleU32() throws IOException {
        return Integer.toUnsignedLong(Integer.reverseBytes((int) u32()));
    }

    int littleU24() throws IOException {
        byte[] b = bytes(3);
        return (b[0] & 0xff) | ((b[1] & 0xff) << 8) | ((b[2] & 0xff) << 16);
    }

    String tag() throws IOException {
        return new String(bytes(4), StandardCharsets.ISO_8859_1);
    }

    byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        int got = 0;
        while (got < count) {
            int read = file.read(bytes, got, count - got);
            if (read < 0) {
                throw new EOFException("ends inside its header");
            }
            got += read;
        }
        return bytes;
    }

    /** Up to so many bytes from the start; fewer if the file is shorter. */
    byte[] head(int count) throws IOException {
        file.seek(0);
        return bytes((int) Math.min(count, file.length()));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
