package dev.auspex.chaos;

import java.time.Duration;

/** Which faults a run makes, one after the other. */
public sealed interface Course {

    /** Whatever the seed chooses, for so long. @param load for how long clients submit */
    record Timed(Duration load) implements Course {}

    /** Every kind of fault once, services of different kinds at the same time, and load until it is over. */
    enum Tour implements Course {
        /** Kills only: one of each service, the broker, and all services with their local state. */
        BRIEF,
        /** The same, a rolling restart of all services, and a frozen executor. */
        WHOLE
    }
}
