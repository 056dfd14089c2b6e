package dev.auspex.router.query;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Those who wait for a prediction to end. Register first and read then: what ends in between is not missed. Safe for any
 * thread; telling costs one look-up when nobody waits.
 */
public final class CompletionWaiters {

    private final ConcurrentMap<Key, Set<CompletableFuture<PredictionView>>> waiting = new ConcurrentHashMap<>();

    private record Key(AccountId account, PredictionId id) {}

    /** Completes when the prediction ends. Cancel it to stop waiting. */
    public CompletableFuture<PredictionView> register(AccountId account, PredictionId id) {
        Key key = new Key(account, id);
        CompletableFuture<PredictionView> waiter = new CompletableFuture<>();
        waiting.compute(key, (ignored, waiters) -> {
            Set<CompletableFuture<PredictionView>> all = waiters == null ? ConcurrentHashMap.newKeySet() : waiters;
            all.add(waiter);
            return all;
        });
        waiter.whenComplete((view, failure) -> waiting.computeIfPresent(key, (ignored, waiters) -> {
            waiters.remove(waiter);
            return waiters.isEmpty() ? null : waiters;
        }));
        return waiter;
    }

    /** Tells those who wait. @param view made only if somebody does */
    public void completed(AccountId account, PredictionId id, Supplier<PredictionView> view) {
        if (waiting.isEmpty()) {
            return;
        }
        Set<CompletableFuture<PredictionView>> waiters = waiting.remove(new Key(account, id));
        if (waiters != null) {
            PredictionView made = view.get();
            waiters.forEach(waiter -> waiter.complete(made));
        }
    }

    /** How many wait. */
    public int size() {
        return waiting.values().stream().mapToInt(Set::size).sum();
    }
}
