package dev.auspex.gateway.domain;

import dev.auspex.protocol.worker.WorkerStatus;
import java.time.Duration;
import java.time.Instant;

/** What a gateway makes of what a worker said last. */
public enum WorkerState {
    /** It takes jobs. */
    READY,
    /** It lives and does not take jobs, and says why. */
    NOT_READY,
    /** It has been silent for too long. */
    LOST;

    /** At a time. */
    public static WorkerState of(WorkerStatus worker, Instant now) {
        if (Duration.between(worker.at(), now).compareTo(WorkerStatus.LOST_AFTER) > 0) {
            return LOST;
        }
        return worker.problems().isEmpty() ? READY : NOT_READY;
    }
}
