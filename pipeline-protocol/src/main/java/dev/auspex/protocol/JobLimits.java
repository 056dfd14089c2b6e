package dev.auspex.protocol;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a model's owner allows a prediction of it. Part of the catalogue and of every job, so that router and executors
 * agree on it even after the catalogue has changed. Immutable; safe for any thread.
 *
 * @param attempts how many attempts may fail because of the platform before the prediction does; 1 to 100
 * @param queue how long it may wait for its start; {@code null} for as long as it takes
 * @param run how long one attempt may run; {@code null} for as long as it takes
 * @param retryModelErrors whether a failure of the model itself is retried like one of the platform
 */
public record JobLimits(int attempts, @Nullable Duration queue, @Nullable Duration run, boolean retryModelErrors) {

    /** What holds for models that do not say. */
    public static final JobLimits DEFAULT = new JobLimits(3, null, null, false);

    private static final int MAX_ATTEMPTS = 100;

    /** @throws IllegalArgumentException if a limit is out of bounds */
    public JobLimits {
        if (attempts < 1 || attempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException("attempts: expected 1 to " + MAX_ATTEMPTS + ", got " + attempts);
        }
        requirePositive("queue", queue);
        requirePositive("run", run);
    }

    private static void requirePositive(String name, @Nullable Duration limit) {
        if (limit != null && !limit.isPositive()) {
            throw new IllegalArgumentException(name + ": expected a positive duration, got " + limit);
        }
    }
}
