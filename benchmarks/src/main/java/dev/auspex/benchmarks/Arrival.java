package dev.auspex.benchmarks;

/**
 * A webhook as it came in.
 *
 * @param prediction the id in its body
 * @param message its {@code webhook-id}; empty if it had none
 * @param succeeded whether its body says so
 * @param nanos {@link System#nanoTime} of its arrival
 * @param times wall-clock times, see {@link Times}
 */
record Arrival(String prediction, String message, boolean succeeded, long nanos, Times times) {

    /**
     * Microseconds since 1970; 0 where the body has none.
     *
     * @param created the gateway accepted the prediction
     * @param started the model began
     * @param completed the model ended
     * @param arrived the webhook was here
     */
    record Times(long created, long started, long completed, long arrived) {}
}
