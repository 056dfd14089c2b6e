package dev.auspex.benchmarks;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * A distribution of durations in milliseconds.
 *
 * @param count how many there were
 * @param p50 half took no longer
 * @param p99 all but one in a hundred took no longer
 * @param max the longest
 */
record Percentiles(long count, double p50, double p99, double max) {

    /** Three digits, up to ten minutes, counted in microseconds. */
    static Histogram histogram() {
        return new Histogram(1, 600_000_000L, 3);
    }

    /** Records a duration; clocks of millisecond grain can make one negative, which counts as zero. */
    static void record(Histogram histogram, long micros) {
        histogram.recordValue(Math.clamp(micros, 0, histogram.getHighestTrackableValue()));
    }

    static Percentiles of(Histogram histogram) {
        return new Percentiles(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50) / 1000.0,
                histogram.getValueAtPercentile(99) / 1000.0,
                histogram.getMaxValue() / 1000.0);
    }

    /** {@code p50 / p99 / max}, or {@code -} for none. */
    String text() {
        return count == 0 ? "-" : number(p50) + " / " + number(p99) + " / " + number(max);
    }

    private static String number(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f" : "%.0f", millis);
    }
}
