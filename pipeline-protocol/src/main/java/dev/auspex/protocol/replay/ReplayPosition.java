package dev.auspex.protocol.replay;

/**
 * A replay's place in one partition of the snapshots.
 *
 * @param partition which
 * @param from the first offset of its range
 * @param next the first offset that was not looked at
 * @param end the first offset behind its range, fixed when it begins
 */
public record ReplayPosition(int partition, long from, long next, long end) {

    /** The same range, further on. */
    public ReplayPosition at(long offset) {
        return new ReplayPosition(partition, from, offset, end);
    }
}
