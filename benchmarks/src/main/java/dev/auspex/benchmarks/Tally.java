package dev.auspex.benchmarks;

/**
 * What became of a phase's submissions.
 *
 * @param asked submissions to make
 * @param accepted answered with 2xx
 * @param refused answered with anything else
 * @param unanswered timed out or cut off
 * @param completed accepted, and the webhook came
 * @param lost accepted, and no webhook came in the time allowed
 * @param repeated further webhooks of a prediction under the same {@code webhook-id}: allowed, receivers drop them
 * @param contradicted further {@code completed} webhooks under another {@code webhook-id}: never allowed
 * @param unknown webhooks of predictions that no answer named (a timed-out submission may be behind one)
 * @param unsuccessful completed with another status than {@code succeeded}
 */
record Tally(
        int asked,
        int accepted,
        int refused,
        int unanswered,
        int completed,
        int lost,
        int repeated,
        int contradicted,
        int unknown,
        int unsuccessful) {

    /** These counts of a phase that asked for no webhooks, so that none can be lost. */
    Tally withoutWebhooks() {
        return new Tally(asked, accepted, refused, unanswered, 0, 0, repeated, contradicted, unknown, 0);
    }

    /** Whether nothing went wrong. Repeats under the same id do not count as wrong. */
    boolean clean() {
        return accepted == asked && lost == 0 && contradicted == 0 && unknown == 0 && unsuccessful == 0;
    }
}
