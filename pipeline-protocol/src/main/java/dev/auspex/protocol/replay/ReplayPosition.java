package dev.auspex.protocol.replay;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A replay's place in one partition of the snapshots, or of the dead jobs.
 *
 * @param partition which
 * @param from the first offset of its range
 * @param next the first offset that was not looked at
 * @param end the first offset behind its range, fixed when it begins
 * @param dead whether it is a partition of the dead jobs
 */
public record ReplayPosition(
        int partition, long from, long next, long end, @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean dead) {

    /** The same range, further on. */
    public ReplayPosition at(long offset) {
        return new ReplayPosition(partition, from, offset, end, dead);
    }
}
