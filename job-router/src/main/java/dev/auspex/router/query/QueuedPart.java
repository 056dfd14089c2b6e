package dev.auspex.router.query;

import java.util.Map;

/**
 * How many predictions of each account wait for their start in one partition.
 *
 * @param partition which
 * @param counts by account; those without any are not in it
 */
public record QueuedPart(int partition, Map<String, Long> counts) {

    /** Copies the counts. */
    public QueuedPart {
        counts = Map.copyOf(counts);
    }
}
