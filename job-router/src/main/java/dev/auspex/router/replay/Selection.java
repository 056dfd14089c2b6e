package dev.auspex.router.replay;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.replay.ReplayFilter;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A filter made ready for many questions. What headers can tell is asked before a body is read. Pure; immutable. */
final class Selection {

    private final ReplayFilter filter;
    private final Set<PredictionStatus> status = EnumSet.noneOf(PredictionStatus.class);
    private final Set<PredictionId> ids;
    private final @Nullable String error;

    Selection(ReplayFilter filter) {
        this.filter = filter;
        this.ids = new HashSet<>(filter.ids());
        this.error = filter.error() == null ? null : filter.error().toLowerCase(Locale.ROOT);
        status.addAll(filter.status());
        if (status.contains(PredictionStatus.CANCELED)) {
            status.add(PredictionStatus.ABORTED); // clients see the one name for both
        }
    }

    /** Whether the headers leave it open that the filter takes the prediction. */
    boolean mayTake(Candidate candidate) {
        return status.contains(candidate.headers().status())
                && (filter.hardware() == null || filter.hardware().equals(candidate.headers().hardware()))
                && inRange(candidate.id());
    }

    /** Whether the filter takes an original whose headers it would take. */
    boolean takes(Original original) {
        return (filter.model() == null || filter.model().equals(original.model()))
                && (filter.version() == null || filter.version().equals(original.version()))
                && (error == null || (original.error() != null && original.error().toLowerCase(Locale.ROOT).contains(error)));
    }

    /** Whether ids and times leave a prediction in. */
    boolean inRange(PredictionId id) {
        if (!ids.isEmpty() && !ids.contains(id)) {
            return false;
        }
        Instant created = id.createdAt();
        return (filter.createdAfter() == null || !created.isBefore(filter.createdAfter()))
                && (filter.createdBefore() == null || created.isBefore(filter.createdBefore()));
    }
}
