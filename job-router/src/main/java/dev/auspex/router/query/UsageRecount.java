package dev.auspex.router.query;

import dev.auspex.protocol.usage.UsageRow;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Adds usage up anew from its records, to check what the stores say. Safe for any thread. */
@FunctionalInterface
public interface UsageRecount {

    /**
     * Reads the topic. Fails with {@link java.util.concurrent.RejectedExecutionException} if too many ask, with
     * {@link java.util.concurrent.TimeoutException} if there is more than can be read within a minute.
     */
    CompletableFuture<List<UsageRow>> count(UsageQuery query);
}
