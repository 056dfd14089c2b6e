package dev.auspex.router.query;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Those who wait for something to become known. Register first and look then: what becomes known in between is not
 * missed. Safe for any thread; telling costs one look-up when nobody waits.
 *
 * @param <K> what is waited for
 * @param <V> what is then known
 */
final class Waiters<K, V> {

    private final ConcurrentMap<K, Set<CompletableFuture<V>>> waiting = new ConcurrentHashMap<>();

    CompletableFuture<V> register(K key) {
        CompletableFuture<V> waiter = new CompletableFuture<>();
        waiting.compute(key, (ignored, waiters) -> {
            Set<CompletableFuture<V>> all = waiters == null ? ConcurrentHashMap.newKeySet() : waiters;
            all.add(waiter);
            return all;
        });
        waiter.whenComplete((value, failure) -> waiting.computeIfPresent(key, (ignored, waiters) -> {
            waiters.remove(waiter);
            return waiters.isEmpty() ? null : waiters;
        }));
        return waiter;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void tell(K key, Supplier<V> value) {
        Set<CompletableFuture<V>> waiters = waiting.remove(key);
        if (waiters != null) {
            V made = value.get();
            waiters.forEach(waiter -> waiter.complete(made));
        }
    }

    int size() {
        return waiting.values().stream().mapToInt(Set::size).sum();
    }
}
