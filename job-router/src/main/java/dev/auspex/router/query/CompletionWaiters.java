package dev.auspex.router.query;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Those who wait for a prediction to end. Register first and read then: what ends in between is not missed. Safe for any
 * thread; telling costs one look-up when nobody waits.
 */
public final class CompletionWaiters {

    private final Waiters<Key, PredictionView> waiting = new Waiters<>();

    private record Key(AccountId account, PredictionId id) {}

    /** Completes when the prediction ends. Cancel it to stop waiting. */
    public CompletableFuture<PredictionView> register(AccountId account, PredictionId id) {
        return waiting.register(new Key(account, id));
    }

    /** Tells those who wait. @param view made only if somebody does */
    public void completed(AccountId account, PredictionId id, Supplier<PredictionView> view) {
        if (!waiting.isEmpty()) {
            waiting.tell(new Key(account, id), view);
        }
    }

    /** How many wait. */
    public int size() {
        return waiting.size();
    }
}
