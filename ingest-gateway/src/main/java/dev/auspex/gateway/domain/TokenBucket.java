package dev.auspex.gateway.domain;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests of one kind a token may make: a minute's worth at once, then as many as come back. The generic cell
 * rate algorithm (ITU-T I.371): one number says it all, the time at which the bucket will be full again. Safe for any
 * thread, without locks.
 */
public final class TokenBucket {

    private static final long MINUTE = 60_000_000_000L;
    private static final long SECOND = 1_000_000_000L;
    /** Clients wait as long as they are told, some without a bound. */
    private static final long LONGEST_RETRY_SECONDS = 30;

    private final int perMinute;
    private final long interval;
    private final AtomicLong fullAt;

    /**
     * @param perMinute at least 1
     * @param nanoTime of {@link System#nanoTime} or a test
     */
    public TokenBucket(int perMinute, long nanoTime) {
        this.perMinute = perMinute;
        this.interval = MINUTE / perMinute;
        this.fullAt = new AtomicLong(nanoTime);
    }

    /**
     * What became of a request.
     *
     * @param allowed whether it may go on
     * @param limit requests per minute
     * @param remaining how many more may follow at once
     * @param resetSeconds until the bucket is full again
     * @param retrySeconds when to try again; 0 if it is allowed
     */
    public record Verdict(boolean allowed, int limit, long remaining, long resetSeconds, long retrySeconds) {}

    /** Takes one request out of the bucket if there is one. */
    public Verdict take(long nanoTime) {
        while (true) {
            long seen = fullAt.get();
            long debt = Math.max(0, seen - nanoTime); // by difference: nanoTime may wrap around
            long after = debt + interval;
            if (after > MINUTE) {
                long retry = Math.min(LONGEST_RETRY_SECONDS, seconds(after - MINUTE));
                return new Verdict(false, perMinute, 0, seconds(debt), retry);
            }
            if (fullAt.compareAndSet(seen, nanoTime + after)) {
                return new Verdict(true, perMinute, (MINUTE - after) / interval, seconds(after), 0);
            }
        }
    }

    private static long seconds(long nanos) {
        return Math.max(1, (nanos + SECOND - 1) / SECOND);
    }
}
