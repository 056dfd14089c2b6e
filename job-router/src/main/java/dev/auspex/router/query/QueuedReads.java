package dev.auspex.router.query;

import java.util.List;

/** How long the queues of accounts are. Safe for any thread. */
@FunctionalInterface
public interface QueuedReads {

    /** The parts that are here. */
    List<QueuedPart> read();
}
