package dev.auspex.executor.kafka;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Whose turn it is to wait for jobs, among the slots of a class. Every member of the group reads every partition, so one
 * waiting consumer is enough; each further one makes the broker look at all that wait, at every record, and is one more
 * request a moment later. A slot keeps its turn until it has something to do. Safe for any thread.
 */
final class PollTurn {

    private final Semaphore free;

    private PollTurn(int permits) {
        this.free = new Semaphore(permits);
    }

    /** One slot at a time. */
    static PollTurn ofOne() {
        return new PollTurn(1);
    }

    /** All of so many slots at once: for a group whose members have partitions of their own. */
    static PollTurn ofAll(int slots) {
        return new PollTurn(slots);
    }

    /** A slot's part in it. For the slot's polling thread alone. */
    final class Ticket {
        private boolean mine;

        /** Waits for the turn. @return whether it is this slot's now */
        boolean take(Duration limit) throws InterruptedException {
            if (!mine) {
                mine = free.tryAcquire() || free.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
            }
            return mine;
        }

        boolean isMine() {
            return mine;
        }

        /** Another slot may wait for jobs now. Does nothing if it is not this slot's turn. */
        void pass() {
            if (mine) {
                mine = false;
                free.release();
            }
        }
    }

    Ticket ticket() {
        return new Ticket();
    }
}
