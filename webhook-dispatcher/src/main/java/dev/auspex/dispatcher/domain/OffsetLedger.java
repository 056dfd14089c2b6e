package dev.auspex.dispatcher.domain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Which records of one partition are dealt with. Records are opened in order and closed in any; what may be committed is
 * the offset of the oldest open one, and beside it which later ones are open too ({@link OpenOffsets}), so that a slow
 * record does not make everything after it happen twice after a crash. Safe for any thread.
 */
public final class OffsetLedger {

    /** A record whose deliveries are not settled yet. */
    public final class Entry {
        private final long offset;
        private final int bytes;
        private boolean closed;

        private Entry(long offset, int bytes) {
            this.offset = offset;
            this.bytes = bytes;
        }

        /** Settled: delivered, replaced, skipped, or safely in the scheduler's hands. Repeating it does nothing. */
        public void close() {
            OffsetLedger.this.close(this);
        }
    }

    private final Deque<Entry> entries = new ArrayDeque<>();
    private long position;
    private int open;
    private long openBytes;
    private long changes;

    /** @param position the offset of the first record to come */
    public OffsetLedger(long position) {
        this.position = position;
    }

    /** Begins with a record; offsets ascend. */
    public synchronized Entry open(long offset, int bytes) {
        Entry entry = new Entry(offset, bytes);
        entries.addLast(entry);
        open++;
        openBytes += bytes;
        advance(offset + 1);
        return entry;
    }

    /** Everything before this offset has been read; records that were not opened are dealt with. */
    public synchronized void advance(long nextOffset) {
        if (nextOffset > position) {
            position = nextOffset;
            changes++;
        }
    }

    private synchronized void close(Entry entry) {
        if (entry.closed) {
            return;
        }
        entry.closed = true;
        open--;
        openBytes -= entry.bytes;
        changes++;
        Entry first = entries.peekFirst();
        while (first != null && first.closed) {
            entries.removeFirst();
            first = entries.peekFirst();
        }
    }

    /** What may be committed now. */
    public synchronized OpenOffsets snapshot() {
        List<Long> offsets = new ArrayList<>(open);
        for (Entry entry : entries) {
            if (!entry.closed) {
                offsets.add(entry.offset);
            }
        }
        return new OpenOffsets(offsets.isEmpty() ? position : offsets.getFirst(), position, offsets);
    }

    /** Changes whenever {@link #snapshot} does. */
    public synchronized long changes() {
        return changes;
    }

    /** How many records are open. */
    public synchronized int open() {
        return open;
    }

    /** How many bytes they hold. */
    public synchronized long openBytes() {
        return openBytes;
    }
}
