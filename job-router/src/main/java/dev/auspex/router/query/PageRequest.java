package dev.auspex.router.query;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import org.jspecify.annotations.Nullable;

/**
 * Which predictions of an account are wanted, newest first.
 *
 * @param account whose
 * @param before only older ones than this; {@code null} for no bound
 * @param from only this one and newer ones; {@code null} for no bound
 * @param to only older ones than this; {@code null} for no bound
 * @param after the oldest ones that are newer than this instead of the newest ones; {@code null} for the newest
 * @param limit at most so many
 * @param aborted whether those that were aborted are shown as that and not as canceled
 */
public record PageRequest(
        AccountId account,
        @Nullable PredictionId before,
        @Nullable PredictionId from,
        @Nullable PredictionId to,
        @Nullable PredictionId after,
        int limit,
        boolean aborted) {

    /** Whether the page ends, and does not begin, at a known prediction: it is then read from its oldest on. */
    public boolean isBackward() {
        return after != null;
    }

    /** The larger of the two lower bounds; {@code null} for none. */
    public @Nullable PredictionId lower() {
        if (after == null || from == null) {
            return after == null ? from : after;
        }
        return after.compareTo(from) < 0 ? from : after;
    }

    /** The smaller of the two exclusive upper bounds; {@code null} for none. */
    public @Nullable PredictionId upper() {
        if (before == null || to == null) {
            return before == null ? to : before;
        }
        return before.compareTo(to) < 0 ? before : to;
    }
}
