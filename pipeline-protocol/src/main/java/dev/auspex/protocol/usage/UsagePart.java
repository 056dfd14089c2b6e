package dev.auspex.protocol.usage;

import java.util.List;

/**
 * What one partition of the routers' state holds of a report. Parts carry their number because one that is moving between
 * two routers may come from both. Immutable; safe for any thread.
 *
 * @param partition which
 * @param rows what is in it
 */
public record UsagePart(int partition, List<UsageRow> rows) {

    /** Copies the rows. */
    public UsagePart {
        rows = List.copyOf(rows);
    }
}
