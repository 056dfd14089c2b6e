package dev.auspex.router.kafka;

import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.domain.PredictionState;
import org.jspecify.annotations.Nullable;

/**
 * A state together with its job record's bytes, which are stored as they came: writing a state then costs a copy and not
 * a serialization.
 *
 * @param state what is known
 * @param job the bytes of the job; {@code null} while it has not been read. Never changed
 */
record StateRecord(PredictionState state, byte @Nullable [] job) {

    static final StateRecord NONE = new StateRecord(PredictionState.NONE, null);

    /** The same prediction in a newer state. */
    StateRecord with(PredictionState newer) {
        return new StateRecord(newer, job);
    }

    /** The bytes of a job that is known. */
    byte[] job(PredictionState.Known known) {
        return job != null ? job : Serdes.JOB.serialize(known.job());
    }
}
