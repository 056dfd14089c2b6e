package dev.auspex.router.kafka;

/**
 * How time passes for the predictions of one task. While the processor stands still, or reads what came long ago, nothing
 * that others say can be heard, and silence means nothing: this time is left out. Belongs to one task and its thread;
 * all times are milliseconds of the wall clock, but for {@link #heardUntil}.
 */
final class TaskTime {

    /** More than that between two looks at the clock is a stall. */
    private static final long STALL = 1_000;
    /** A record that is so much older than now shows that the task is behind. Clocks may differ that much, too. */
    private static final long LAG = 2_000;
    /** After the last sign of being behind, and after a start. */
    private static final long QUIET = 1_500;
    /** A clock that is always wrong must not stop time for ever. */
    private static final long PATIENCE = 60_000;

    private static final long NEVER = Long.MIN_VALUE;

    private long last;
    private long deaf;
    private long behindAt;
    private long behindSince;

    /** A task begins: what it has missed comes first. */
    TaskTime(long now) {
        this.last = now;
        this.behindAt = now;
        this.behindSince = now;
    }

    /** A record with this timestamp is processed. */
    void read(long timestamp, long now) {
        if (now - timestamp > LAG) {
            behind(now);
        }
        passes(now);
    }

    /** Notices that time passes. */
    void passes(long now) {
        long gap = now - last;
        last = now;
        if (gap > STALL) {
            behind(now);
        }
        if (!isCurrent(now)) {
            deaf += Math.max(0, gap);
        }
    }

    /** Whether everything that was said until a moment ago has been heard. */
    boolean isCurrent(long now) {
        if (now - behindAt > QUIET) {
            behindSince = NEVER;
            return true;
        }
        return behindSince != NEVER && now - behindSince > PATIENCE;
    }

    /** A clock that stands still while nothing can be heard. */
    long heardUntil(long now) {
        return now - deaf;
    }

    private void behind(long now) {
        if (behindSince == NEVER) {
            behindSince = now;
        }
        behindAt = now;
    }
}
