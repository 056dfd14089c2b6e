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
 * @param limit at most so many
 */
public record PageRequest(
        AccountId account,
        @Nullable PredictionId before,
        @Nullable PredictionId from,
        @Nullable PredictionId to,
        int limit) {

    /** The smaller of the two exclusive upper bounds; {@code null} for none. */
    public @Nullable PredictionId upper() {
        if (before == null || to == null) {
            return before == null ? to : before;
        }
        return before.compareTo(to) < 0 ? before : to;
    }
}
