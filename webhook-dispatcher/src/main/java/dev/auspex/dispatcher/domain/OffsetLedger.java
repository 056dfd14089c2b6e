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

    /** One delivery of a record, which is open while any of them is not settled. */
    public final class Entry {
        private final OpenRecord record;
        private boolean closed;

        private Entry(OpenRecord record) {
            this.record = record;
        }

        /** Settled: delivered, replaced, skipped, or safely in the scheduler's hands. Repeating it does nothing. */
        public void close() {
            OffsetLedger.this.close(this);
        }
    }

    private static final class OpenRecord {
        private final long offset;
        private final int bytes;
        private int left;

        private OpenRecord(long offset, int bytes, int left) {
            this.offset = offset;
            this.bytes = bytes;
            this.left = left;
        }
    }

    private final Deque<OpenRecord> records = new ArrayDeque<>();
    private long position;
    private int open;
    private long openBytes;
    private long changes;

    /** @param position the offset of the first record to come */
    public OffsetLedger(long position) {
        this.position = position;
    }

    /** Begins with a record that makes one delivery; offsets ascend. */
    public Entry open(long offset, int bytes) {
        return open(offset, bytes, 1).getFirst();
    }

    /** Begins with a record. @param deliveries how many it makes, at least one */
    public synchronized List<Entry> open(long offset, int bytes, int deliveries) {
        OpenRecord record = new OpenRecord(offset, bytes, deliveries);
        records.addLast(record);
        open++;
        openBytes += bytes;
        advance(offset + 1);
        List<Entry> entries = new ArrayList<>(deliveries);
        for (int i = 0; i < deliveries; i++) {
            entries.add(new Entry(record));
        }
        return entries;
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
        entry.record.left--;
        if (entry.record.left > 0) {
            return;
        }
        open--;
        openBytes -= entry.record.bytes;
        changes++;
        OpenRecord first = records.peekFirst();
        while (first != null && first.left == 0) {
            records.removeFirst();
            first = records.peekFirst();
        }
    }

    /** What may be committed now. */
    public synchronized OpenOffsets snapshot() {
        List<Long> offsets = new ArrayList<>(open);
        for (OpenRecord record : records) {
            if (record.left > 0) {
                offsets.add(record.offset);
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
