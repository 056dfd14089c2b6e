package dev.auspex.executor.domain;

import java.time.Duration;

/**
 * Decides how many jobs one slot takes at once. It begins with one at a time; a run of jobs that end within moments shows
 * that taking and acknowledging cost more than running, and the slot takes batches; one slow job, or a pause, brings it
 * back. Used by the slot's polling thread only.
 */
public final class Pace {

    /** How a slot takes jobs. */
    public enum Gear {
        /** One record, acknowledged by itself: nothing waits behind a long job. */
        SINGLE,
        /** Many records, acknowledged together. */
        BATCH
    }

    /** A job longer than this ends a run of quick ones. */
    public static final Duration QUICK = Duration.ofMillis(2);
    /** A job of a batch longer than this makes the slot hand back what it has not begun. */
    public static final Duration SLOW = Duration.ofMillis(20);
    /** How many quick jobs in a row make a slot shift up. */
    public static final int RUN = 48;
    /** A slot that had nothing to do for so long shifts down. */
    public static final Duration IDLE = Duration.ofSeconds(2);

    private int quickInARow;
    private boolean batch;
    private long idleSince;
    private boolean idle;

    /** The gear for the next poll. */
    public Gear gear() {
        return batch ? Gear.BATCH : Gear.SINGLE;
    }

    /** A job ended. @param nanos from taken to done, without waiting in a batch */
    public void ran(long nanos) {
        idle = false;
        if (nanos > SLOW.toNanos()) {
            batch = false;
        }
        quickInARow = nanos > QUICK.toNanos() ? 0 : quickInARow + 1;
    }

    /** Whether the slot may shift up; it then calls {@link #shiftUp} once batches can be had. */
    public boolean wantsBatches() {
        return !batch && quickInARow >= RUN;
    }

    /** From now on batches. */
    public void shiftUp() {
        batch = true;
    }

    /** From now on one at a time. */
    public void shiftDown() {
        batch = false;
        quickInARow = 0;
    }

    /** A poll came back empty. @return whether that made the slot shift down */
    public boolean idleAt(long nanoTime) {
        if (!idle) {
            idle = true;
            idleSince = nanoTime;
        }
        if (batch && nanoTime - idleSince >= IDLE.toNanos()) {
            shiftDown();
            return true;
        }
        return false;
    }
}
