package dev.auspex.protocol.replay;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.VersionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which ended predictions a replay takes; all conditions have to hold. Immutable; safe for any thread.
 *
 * @param status how they ended, as clients see it: {@code canceled} includes {@code aborted}; at least one
 * @param model {@code null} for any
 * @param version {@code null} for any
 * @param hardware the class they were submitted to; {@code null} for any
 * @param error part of the error's text, upper or lower case; {@code null} for any
 * @param ids only these; empty for any
 * @param createdAfter not created before this time; {@code null} for as far back as the topics go
 * @param createdBefore created before this time; {@code null} for no bound
 */
public record ReplayFilter(
        List<PredictionStatus> status,
        @Nullable ModelName model,
        @Nullable VersionId version,
        @Nullable HardwareClass hardware,
        @Nullable String error,
        List<PredictionId> ids,
        @Nullable Instant createdAfter,
        @Nullable Instant createdBefore) {

    /** What is replayed unless something else is asked for. */
    public static final List<PredictionStatus> DEFAULT_STATUS = List.of(PredictionStatus.FAILED);

    /** @throws IllegalArgumentException for a status that is not an end */
    @SuppressWarnings("NullAway") // Jackson passes null for what is missing
    public ReplayFilter {
        status = status == null || status.isEmpty() ? DEFAULT_STATUS : List.copyOf(status);
        ids = ids == null ? List.of() : List.copyOf(ids);
        if (!status.stream().allMatch(PredictionStatus::isTerminal)) {
            throw new IllegalArgumentException("status: expected only statuses that end a prediction, got " + status);
        }
    }

    /** Whether no prediction can be taken by both. May be false where it is so. */
    public boolean isDisjointFrom(ReplayFilter other) {
        return model != null && other.model != null && !model.equals(other.model);
    }
}
