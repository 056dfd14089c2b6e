package dev.auspex.router.kafka;

import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How far one partition of the jobs topics has been processed here: the next offset of each topic. The task's thread
 * writes; any thread may ask.
 */
final class JobsProgress {

    private static final long UNKNOWN = -1;

    private final AtomicLongArray next;
    private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();
    /** Everything that was in the topics at this time has been processed. */
    private volatile Instant completeAsOf = Instant.MIN;
    private final AtomicInteger generation = new AtomicInteger();

    private record Waiter(long[] ends, CompletableFuture<Boolean> reached) {}

    JobsProgress(int topics) {
        this.next = new AtomicLongArray(topics);
        reset();
    }

    /**
     * The partition was assigned anew, perhaps after others had it or a transaction failed: nothing that was known of it
     * counts. Task's thread.
     *
     * @return names this assignment in {@link #floor}
     */
    int reset() {
        int renewed = generation.incrementAndGet();
        for (int topic = 0; topic < next.length(); topic++) {
            next.set(topic, UNKNOWN);
        }
        completeAsOf = Instant.MIN;
        return renewed;
    }

    int generation() {
        return generation.get();
    }

    /** Task's thread, after the store shows the record. */
    void processed(int topic, long offset) {
        next.set(topic, offset + 1);
        if (!waiting.isEmpty()) {
            wake();
        }
    }

    /** Raises what is known from elsewhere: offsets that were committed when this assignment began. */
    void floor(int topic, long offset, int ofGeneration) {
        if (ofGeneration == generation.get()) {
            next.accumulateAndGet(topic, offset, Math::max);
            wake();
        }
    }

    /** Whether everything before these offsets has been processed. */
    boolean has(long[] ends) {
        for (int topic = 0; topic < ends.length; topic++) {
            if (next.get(topic) < ends[topic]) {
                return false;
            }
        }
        return true;
    }

    /** Completes with {@code true} once {@link #has} says so. Complete it otherwise to stop waiting. */
    CompletableFuture<Boolean> reached(long[] ends) {
        Waiter waiter = new Waiter(ends, new CompletableFuture<>());
        waiting.add(waiter); // before looking: a record processed in between is not missed
        if (has(ends)) {
            waiter.reached().complete(true);
        }
        waiter.reached().whenComplete((ok, failure) -> waiting.remove(waiter));
        return waiter.reached();
    }

    /** Remembers that everything in the topics at that time has been processed. */
    void completeAsOf(Instant time, int ofGeneration) {
        if (ofGeneration == generation.get() && time.isAfter(completeAsOf)) {
            completeAsOf = time;
        }
    }

    Instant completeAsOf() {
        return completeAsOf;
    }

    private void wake() {
        for (Waiter waiter : waiting) {
            if (has(waiter.ends())) {
                waiter.reached().complete(true);
            }
        }
    }
}
