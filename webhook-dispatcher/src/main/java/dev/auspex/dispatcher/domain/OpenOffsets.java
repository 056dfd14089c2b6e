package dev.auspex.dispatcher.domain;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A point in one partition up to which records have been read, with those before it that are still open. Travels as the
 * metadata of a committed offset. Immutable.
 *
 * @param committed everything before it is dealt with
 * @param limit everything from here on has not been read
 * @param open the offsets in between that are not dealt with, ascending
 */
public record OpenOffsets(long committed, long limit, List<Long> open) {

    /** Kafka's default bound for the metadata of an offset is 4096. */
    private static final int LONGEST_TEXT = 4000;
    private static final int MOST_BYTES = LONGEST_TEXT / 4 * 3;
    private static final int LONGEST_VARINT = 10;
    private static final String VERSION = "1:";

    /** Copies the offsets. */
    public OpenOffsets {
        open = List.copyOf(open);
    }

    /**
     * As text of at most 4096 characters. Where that is too little for all open offsets the limit is lowered: records
     * past it are then read again.
     */
    public String encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long end = limit;
        long previous = committed;
        for (long offset : open) {
            if (bytes.size() + 2 * LONGEST_VARINT > MOST_BYTES) {
                end = offset;
                break;
            }
            writeVarint(bytes, offset - previous);
            previous = offset;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream(bytes.size() + LONGEST_VARINT);
        writeVarint(all, end - committed);
        all.writeBytes(bytes.toByteArray());
        return VERSION + Base64.getEncoder().withoutPadding().encodeToString(all.toByteArray());
    }

    /** Reads {@link #encode}'s text; any other text means that nothing past the committed offset is known. */
    public static OpenOffsets decode(long committed, String text) {
        OpenOffsets unknown = new OpenOffsets(committed, committed, List.of());
        if (!text.startsWith(VERSION)) {
            return unknown;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text.substring(VERSION.length())));
            long limit = committed + readVarint(bytes);
            List<Long> open = new ArrayList<>();
            long previous = committed;
            while (bytes.hasRemaining()) {
                previous += readVarint(bytes);
                open.add(previous);
            }
            return new OpenOffsets(committed, limit, open);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return unknown;
        }
    }

    /** The open offsets, for asking often. */
    public Set<Long> openSet() {
        return new HashSet<>(open);
    }

    private static void writeVarint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7F) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long readVarint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("number too long");
    }
}
