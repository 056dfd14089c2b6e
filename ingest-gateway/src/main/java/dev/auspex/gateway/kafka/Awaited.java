package dev.auspex.gateway.kafka;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** Those who wait to read something in a topic, by what it is called. Safe for any thread. */
final class Awaited<K, T> {

    private final ConcurrentMap<K, CompletableFuture<T>> waiting = new ConcurrentHashMap<>();

    /** Completes when it has been read, or fails when the time is over. */
    CompletableFuture<T> await(K key, Duration limit) {
        CompletableFuture<T> waiter = waiting.computeIfAbsent(
                key, absent -> new CompletableFuture<T>().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS));
        return waiter.whenComplete((done, failure) -> waiting.remove(key, waiter));
    }

    /** It has been read. */
    void tell(K key, T value) {
        CompletableFuture<T> waiter = waiting.get(key);
        if (waiter != null) {
            waiter.complete(value);
        }
    }
}
