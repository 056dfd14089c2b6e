package dev.auspex.protocol.replay;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.auspex.protocol.PredictionStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A replay at one moment. Immutable; safe for any thread.
 *
 * @param request what was accepted
 * @param status like a prediction's; {@code succeeded} when everything has been submitted
 * @param counts how many predictions it has met
 * @param positions where it stands; empty before it begins
 * @param startedAt when it began; {@code null} before
 * @param completedAt when it ended; {@code null} before
 * @param error why it failed; {@code null} otherwise
 */
public record Replay(
        ReplayRequest request,
        PredictionStatus status,
        ReplayCounts counts,
        List<ReplayPosition> positions,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable String error) {

    /** Copies the positions. */
    public Replay {
        positions = List.copyOf(positions);
    }

    /** Right after it was accepted. */
    public static Replay accepted(ReplayRequest request) {
        return new Replay(request, PredictionStatus.STARTING, ReplayCounts.NONE, List.of(), null, null, null);
    }

    /** At work. */
    public Replay begun(List<ReplayPosition> range, Instant now) {
        return new Replay(request, PredictionStatus.PROCESSING, counts, range, now, null, null);
    }

    /** The same, further on. */
    public Replay advanced(ReplayCounts newCounts, List<ReplayPosition> newPositions) {
        return new Replay(request, status, newCounts, newPositions, startedAt, null, null);
    }

    /** At its end. @param why for {@code failed} only */
    public Replay ended(PredictionStatus end, Instant now, @Nullable String why) {
        return new Replay(request, end, counts, positions, startedAt, now, why);
    }

    /** How much of its range it has looked at, 0 to 1. */
    @JsonIgnore
    public double progress() {
        if (status == PredictionStatus.SUCCEEDED) {
            return 1;
        }
        long all = positions.stream().mapToLong(position -> position.end() - position.from()).sum();
        long done = positions.stream().mapToLong(position -> position.next() - position.from()).sum();
        return all == 0 ? 0 : (double) done / all;
    }
}
