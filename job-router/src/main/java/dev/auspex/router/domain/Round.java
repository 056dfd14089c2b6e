package dev.auspex.router.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The newest job record of a prediction. Attempts that were made from an older one do not count any more, but for the end
 * that one of them may still bring. Immutable.
 *
 * @param number the record's {@link dev.auspex.protocol.Job#attempt}
 * @param due when it will be put into its topic; {@code null} once it is there
 */
public record Round(int number, @Nullable Instant due) {

    /** Whether an attempt was made from another record; from one that is not in its topic yet none was made. */
    boolean isOther(int round) {
        return due != null || round != number;
    }
}
