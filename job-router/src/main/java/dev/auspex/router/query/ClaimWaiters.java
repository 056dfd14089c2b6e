package dev.auspex.router.query;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.command.Command.ClaimKey;
import java.util.concurrent.CompletableFuture;

/** Those who wait for a claim that they have written to be decided. Register first and read then. Safe for any thread. */
public final class ClaimWaiters {

    private final Waiters<String, ClaimKey> waiting = new Waiters<>();

    /** Completes with the winner when a claim of this name is decided. Cancel it to stop waiting. */
    public CompletableFuture<ClaimKey> register(AccountId account, ClaimId claim) {
        return waiting.register(ClaimKey.key(account, claim));
    }

    /** Tells those who wait. */
    public void decided(ClaimKey winner) {
        if (!waiting.isEmpty()) {
            waiting.tell(winner.key(), () -> winner);
        }
    }

    /** How many wait. */
    public int size() {
        return waiting.size();
    }
}
