package dev.auspex.router.kafka;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One look-up for all who ask at about the same time. Who asks while one is under way gets the next one: an answer is
 * never older than its question. Safe for any thread.
 */
final class SharedLookup<T> {

    private final Supplier<CompletableFuture<T>> lookup;
    private @Nullable CompletableFuture<T> running;
    private @Nullable CompletableFuture<T> next;

    SharedLookup(Supplier<CompletableFuture<T>> lookup) {
        this.lookup = lookup;
    }

    /** The value as it is at or after this call. */
    synchronized CompletableFuture<T> ask() {
        if (running == null) {
            CompletableFuture<T> mine = new CompletableFuture<>();
            begin(mine);
            return mine;
        }
        if (next == null) {
            next = new CompletableFuture<>();
        }
        return next;
    }

    private synchronized void begin(CompletableFuture<T> answer) {
        running = answer;
        start().whenComplete((value, failure) -> {
            beginNext();
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    private CompletableFuture<T> start() {
        try {
            return lookup.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e); // a client that is being closed
        }
    }

    private synchronized void beginNext() {
        CompletableFuture<T> waiting = next;
        running = null;
        next = null;
        if (waiting != null) {
            begin(waiting);
        }
    }
}
