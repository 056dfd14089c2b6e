package dev.auspex.router.replay;

import dev.auspex.protocol.PredictionId;
import java.util.UUID;

/**
 * A set of ids in 16 bytes each and some room (open addressing with linear probing): a replay may have to remember
 * millions. Exact: no id is taken for another. For one thread.
 */
final class IdSet {

    private static final int FIRST_SLOTS = 1 << 10;

    private final int limit;
    // Two entries a slot. No id is all zeros: its version bits are set.
    private long[] table = new long[2 * FIRST_SLOTS];
    private int size;

    /** @param limit how many it takes */
    IdSet(int limit) {
        this.limit = limit;
    }

    /** Adds an id. @return false if it is full */
    boolean add(PredictionId id) {
        UUID bits = id.toUuid();
        int slot = find(table, bits.getMostSignificantBits(), bits.getLeastSignificantBits());
        if (table[slot] != 0) {
            return true;
        }
        if (size == limit) {
            return false;
        }
        table[slot] = bits.getMostSignificantBits();
        table[slot + 1] = bits.getLeastSignificantBits();
        size++;
        if (size * 4L > table.length / 2 * 3L) {
            grow();
        }
        return true;
    }

    boolean contains(PredictionId id) {
        UUID bits = id.toUuid();
        return size > 0 && table[find(table, bits.getMostSignificantBits(), bits.getLeastSignificantBits())] != 0;
    }

    int size() {
        return size;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (int i = 0; i < table.length; i += 2) {
            if (table[i] != 0) {
                int slot = find(larger, table[i], table[i + 1]);
                larger[slot] = table[i];
                larger[slot + 1] = table[i + 1];
            }
        }
        table = larger;
    }

    // The slot of the id, or the free one where it belongs.
    private static int find(long[] table, long high, long low) {
        int slots = table.length / 2;
        int slot = (int) (mix(high * 31 + low) & (slots - 1));
        while (table[2 * slot] != 0 && (table[2 * slot] != high || table[2 * slot + 1] != low)) {
            slot = (slot + 1) & (slots - 1);
        }
        return 2 * slot;
    }

    // The finaliser of SplitMix64: the low bits of derived ids alone would do, those of foreign ids perhaps not.
    private static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
