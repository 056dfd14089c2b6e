package dev.auspex.executor.domain;

import java.time.Duration;

/**
 * Decides how many jobs the slots of a class take at once. They begin with one at a time; jobs that cost less to run than
 * to take and acknowledge raise a score, others lower it, and above a mark batches are taken. A job that takes long, or a
 * pause, brings it back; after a mere stutter of the machine there are soon batches again. Safe for any thread.
 */
public final class Pace {

    /** How a slot takes jobs. */
    public enum Gear {
        /** One record, acknowledged by itself: nothing waits behind a long job. */
        SINGLE,
        /** Many records, acknowledged together. */
        BATCH
    }

    /** No job for a batch. */
    private static final Duration SLOW = Duration.ofMillis(20);
    /** After so long without a job there are no batches. */
    public static final Duration IDLE = Duration.ofSeconds(2);

    private static final long QUICK_NANOS = Duration.ofMillis(2).toNanos();
    /** No stutter: the model takes its time. */
    private static final long LONG_NANOS = Duration.ofMillis(250).toNanos();
    /** On a busy machine everything takes longer: quick is then what is small beside the handling. */
    private static final int SMALL_PART = 8;
    private static final int MARK = 24;
    private static final int MOST = 2 * MARK;

    private int score;
    private boolean batch;
    private boolean idle;
    private long idleSince;

    /** The gear for the next poll. */
    public synchronized Gear gear() {
        return batch ? Gear.BATCH : Gear.SINGLE;
    }

    /**
     * A job ended.
     *
     * @param nanos how long it ran
     * @param cycleNanos how long it took altogether, from taken to acknowledged; in a batch its share
     */
    public synchronized void ran(long nanos, long cycleNanos) {
        idle = false;
        if (nanos > LONG_NANOS) {
            score = 0;
        } else if (nanos > SLOW.toNanos()) {
            score -= MARK / 2;
        } else if (nanos > QUICK_NANOS && nanos > cycleNanos / SMALL_PART) {
            score -= 2;
        } else {
            score++;
        }
        score = Math.clamp(score, 0, MOST);
    }

    /** Whether a slot should shift up; it then calls {@link #shiftUp} once batches can be had. */
    public synchronized boolean wantsBatches() {
        return !batch && score >= MARK;
    }

    /** From now on batches. */
    public synchronized void shiftUp() {
        batch = true;
    }

    /** From now on one at a time, until the score says otherwise. */
    public synchronized void shiftDown() {
        batch = false;
    }

    /** A poll came back empty. @return whether that ended the batches */
    public synchronized boolean idleAt(long nanoTime) {
        if (!idle) {
            idle = true;
            idleSince = nanoTime;
        }
        if (batch && nanoTime - idleSince >= IDLE.toNanos()) {
            batch = false;
            score = 0;
            return true;
        }
        return false;
    }
}
