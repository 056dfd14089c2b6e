package dev.auspex.router.domain;

import dev.auspex.protocol.WebhookEvent;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What becomes of a state when something happens. */
public sealed interface Decision {

    /**
     * The state moves on.
     *
     * @param state to be kept
     * @param snapshots to be published, oldest first; none if nobody has to know
     */
    record Applied(PredictionState state, List<Snapshot> snapshots) implements Decision {
        /** Copies the list. */
        public Applied {
            snapshots = List.copyOf(snapshots);
        }
    }

    /** Nothing changes. */
    record Ignored(Reason reason) implements Decision {}

    /**
     * A moment of a prediction that is published.
     *
     * @param state the prediction at that moment
     * @param change what it is news of; {@code null} for the creation and for moves no webhook asks for
     */
    record Snapshot(PredictionState.Known state, @Nullable WebhookEvent change) {}

    /** Why something does not count. */
    enum Reason {
        /** The prediction has ended. */
        LATE,
        /** A newer attempt has taken over. */
        OLDER_ATTEMPT,
        /** The attempt has not said that it started. */
        NOT_STARTED,
        /** It is known already. */
        DUPLICATE,
        /** Something before it is missing; the terminal event will bring all of it. */
        GAP,
        /** Too much was heard before the job record came. */
        TOO_EARLY,
        /** The state would not fit a Kafka record; the terminal event will settle it. */
        OVERSIZE;

        private final String tag = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** The value of the metric's tag. */
        public String tag() {
            return tag;
        }
    }
}
