package dev.auspex.router.domain;

import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.Job;
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
     * @param effects to be done besides
     */
    record Applied(PredictionState state, List<Snapshot> snapshots, List<Effect> effects) implements Decision {
        /** Copies the lists. */
        public Applied {
            snapshots = List.copyOf(snapshots);
            effects = List.copyOf(effects);
        }

        /** Without effects. */
        public Applied(PredictionState state, List<Snapshot> snapshots) {
            this(state, snapshots, List.of());
        }
    }

    /** What else has to be written, in the same transaction as the state. */
    sealed interface Effect {

        /** A job goes into its queue again. */
        record Requeue(Job job) implements Effect {}

        /** A job is not tried again. */
        record Bury(DeadJob dead) implements Effect {}
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
        /** A newer attempt has taken over, or will. */
        OLDER_ATTEMPT,
        /** The attempt has not said that it started. */
        NOT_STARTED,
        /** It is known already. */
        DUPLICATE,
        /** What the router itself put into a queue comes round. */
        OWN_RETRY,
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
