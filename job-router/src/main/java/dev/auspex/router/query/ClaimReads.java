package dev.auspex.router.query;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ClaimId;
import java.time.Instant;

/** What this router knows of claims. Safe for any thread; blocking where it says so. */
@FunctionalInterface
public interface ClaimReads {

    /** Looks up who held a claim at that time. Blocks for the time of a disk read. */
    ClaimLookup find(AccountId account, ClaimId claim, Instant at);
}
