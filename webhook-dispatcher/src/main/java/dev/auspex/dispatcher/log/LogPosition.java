package dev.auspex.dispatcher.log;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where an entry stands in the log: first by time, then by the record it came from. As bytes it sorts in that order; as
 * text it is the cursor of a page.
 *
 * @param millis the record's time, milliseconds of Unix time
 * @param partition of {@code delivery-results}
 * @param offset in it
 */
public record LogPosition(long millis, int partition, long offset) {

    static final int BYTES = Long.BYTES + Integer.BYTES + Long.BYTES;

    /** Before everything at or after this time. */
    static LogPosition at(Instant time) {
        return new LogPosition(Math.max(0, time.toEpochMilli()), 0, 0);
    }

    /** The position a cursor names; empty if the text is none. */
    public static Optional<LogPosition> parse(String cursor) {
        if (!cursor.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
            return Optional.empty();
        }
        return Optional.of(read(ByteBuffer.wrap(HexFormat.of().parseHex(cursor))))
                .filter(position -> position.millis >= 0 && position.partition >= 0 && position.offset >= 0);
    }

    static LogPosition read(ByteBuffer bytes) {
        return new LogPosition(bytes.getLong(), bytes.getInt(), bytes.getLong());
    }

    void write(ByteBuffer bytes) {
        bytes.putLong(millis).putInt(partition).putLong(offset);
    }

    /** The day it is kept with, in UTC. */
    LocalDate day() {
        return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    @Override
    public String toString() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        write(bytes);
        return HexFormat.of().formatHex(bytes.array());
    }
}
