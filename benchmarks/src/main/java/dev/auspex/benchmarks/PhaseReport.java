package dev.auspex.benchmarks;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one phase.
 *
 * @param title the column's head
 * @param tally what became of the submissions
 * @param speed how fast it went
 * @param latency how long things took
 * @param cost what it took
 * @param firstRefusal the first submission that failed; {@code null} if none did
 */
record PhaseReport(
        String title, Tally tally, Speed speed, Latency latency, Cost cost, @Nullable String firstRefusal) {

    /**
     * Per second.
     *
     * @param accepted from the first submission to the last answer
     * @param completed from the first submission to the last webhook; 0 in a phase without webhooks
     */
    record Speed(double accepted, double completed) {}

    /**
     * Milliseconds.
     *
     * @param submit from the intended time of a submission to its 2xx answer
     * @param webhook from the intended time of a submission to its webhook
     * @param late from the intended time to the moment it was sent: the driver's own share of both
     * @param hops parts of {@code webhook}, by name
     */
    record Latency(Percentiles submit, Percentiles webhook, Percentiles late, Map<String, Percentiles> hops) {}

    /**
     * Per prediction, over the whole phase.
     *
     * @param serverMillis CPU milliseconds of the server; {@code null} if its process is not known
     * @param driverMillis CPU milliseconds of the driver
     * @param serverResident the server's resident bytes at the phase's end; {@code null} if not known
     */
    record Cost(@Nullable Double serverMillis, double driverMillis, @Nullable Long serverResident) {}
}
