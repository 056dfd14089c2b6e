package dev.auspex.executor.journal;

import dev.auspex.executor.journal.Entry.State;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.PredictionId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A memory-mapped file of cells of 256 bytes, locked while its process lives. What is written is in the operating
 * system's page cache at once, so it survives {@code kill -9}; nothing is forced to disk, so it need not survive a power
 * cut. One writer per cell; {@link #swap} and {@link #state} from any thread.
 */
final class CellFile implements AutoCloseable {

    private static final int CELL = 256;
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final State[] STATES = State.values();

    // Offsets within a cell; texts have their length in front.
    private static final int STATE = 0;
    private static final int NUMBER = 4;
    private static final int SINCE = 8;
    private static final int PREDICTION = 16;
    private static final int ATTEMPT = 56;
    private static final int ACCOUNT = 104;

    private final FileChannel channel;
    private final MemorySegment cells;

    private CellFile(FileChannel channel, MemorySegment cells) {
        this.channel = channel;
        this.cells = cells;
    }

    /**
     * Opens a file unless a living process has it.
     *
     * @param least how many cells it must have; it is made and extended as needed
     */
    static Optional<CellFile> open(Path file, int least) throws IOException {
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try {
            FileLock lock = lock(channel);
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            long size = Math.max(channel.size() / CELL, least) * CELL;
            // Not unmapped by hand: the thread of a model that did not stop may still write to its cell.
            return Optional.of(new CellFile(
                    channel, channel.map(FileChannel.MapMode.READ_WRITE, 0, size, Arena.ofAuto())));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another executor of this very process
        }
    }

    int size() {
        return (int) (cells.byteSize() / CELL);
    }

    State state(int cell) {
        int state = (int) INT.getAcquire(cells, (long) cell * CELL + STATE);
        return state >= 0 && state < STATES.length ? STATES[state] : State.FREE;
    }

    /** Changes the state if it is as expected. @return whether it was */
    boolean swap(int cell, State expected, State next) {
        return INT.compareAndSet(cells, (long) cell * CELL + STATE, expected.ordinal(), next.ordinal());
    }

    /** Fills a cell. The state comes last: a half-written cell is a free one. */
    void write(int cell, State state, Entry entry) {
        long at = (long) cell * CELL;
        clear(cell);
        cells.set(ValueLayout.JAVA_INT, at + NUMBER, entry.number());
        cells.set(ValueLayout.JAVA_LONG, at + SINCE, entry.since().toEpochMilli());
        text(at + PREDICTION, entry.prediction().value());
        text(at + ATTEMPT, entry.attempt().value());
        text(at + ACCOUNT, entry.account().value());
        INT.setRelease(cells, at + STATE, state.ordinal());
    }

    void clear(int cell) {
        INT.setRelease(cells, (long) cell * CELL + STATE, State.FREE.ordinal());
    }

    /** What is in a cell; empty for a free one and for one that makes no sense. */
    Optional<Entry> read(int cell) {
        if (state(cell) == State.FREE) {
            return Optional.empty();
        }
        long at = (long) cell * CELL;
        try {
            return Optional.of(new Entry(
                    new PredictionId(text(at + PREDICTION)),
                    new AccountId(text(at + ACCOUNT)),
                    new AttemptId(text(at + ATTEMPT)),
                    cells.get(ValueLayout.JAVA_INT, at + NUMBER),
                    Instant.ofEpochMilli(cells.get(ValueLayout.JAVA_LONG, at + SINCE))));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private void text(long at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        cells.set(ValueLayout.JAVA_BYTE, at, (byte) bytes.length);
        MemorySegment.copy(bytes, 0, cells, ValueLayout.JAVA_BYTE, at + 1, bytes.length);
    }

    private String text(long at) {
        byte[] bytes = new byte[Math.max(0, cells.get(ValueLayout.JAVA_BYTE, at))];
        MemorySegment.copy(cells, ValueLayout.JAVA_BYTE, at + 1, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Releases the lock. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
