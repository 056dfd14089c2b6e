package dev.auspex.router.query;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What this router knows. Safe for any thread; blocking where it says so. */
public interface PredictionReads {

    /** Looks one prediction up. Blocks for the time of a disk read. */
    Lookup find(AccountId account, PredictionId id);

    /**
     * Completes when every job that was in the topics at the time of the call, and whose prediction would be in the same
     * part as this one, has been read; with {@code false} if that takes too long. Asked before it is said that there is
     * no such prediction. Does not block.
     */
    CompletableFuture<Boolean> caughtUp(PredictionId id);

    /** The parts of a page that are here. Blocks for the time of some disk reads. */
    LocalPage list(PageRequest page);

    /** The other routers. */
    Set<RouterAddress> peers();

    /** How many parts there are in all. */
    int partitions();
}
