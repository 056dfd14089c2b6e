package dev.auspex.router.replay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keeps a replay to its rate: how many jobs a transaction takes and when the next one may begin. For one thread. */
final class Pace {

    /** With a rate, so many transactions a second, so that progress is seen and a cancel is heard. */
    private static final int STEPS_PER_SECOND = 4;
    private static final int MOST = 25_000;
    private static final double NANOS = 1e9;

    private final @Nullable Double rate;
    private long free;

    /** @param rate in jobs per second; {@code null} for no limit @param now of {@link System#nanoTime} */
    Pace(@Nullable Double rate, long now) {
        this.rate = rate;
        this.free = now;
    }

    /** The most jobs of one transaction. */
    int batch() {
        return rate == null ? MOST : (int) Math.clamp(Math.ceil(rate / STEPS_PER_SECOND), 1, MOST);
    }

    /** So many were submitted in a transaction that began then. What a pause leaves unused is not made up for later. */
    void submitted(int jobs, long begin) {
        if (rate != null) {
            free = Math.max(free, begin) + Math.round(jobs / rate * NANOS);
        }
    }

    /** How long nothing may be submitted; zero or less if something may. */
    Duration pause(long now) {
        return rate == null ? Duration.ZERO : Duration.ofNanos(free - now);
    }
}
