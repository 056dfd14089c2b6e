package dev.auspex.router.query;

import dev.auspex.protocol.usage.UsagePart;
import java.util.List;

/** What this router knows of usage. Safe for any thread. */
@FunctionalInterface
public interface UsageReads {

    /** The parts that are here. Blocks for the time of some disk reads. */
    List<UsagePart> read(UsageQuery query);
}
