package dev.auspex.executor.run;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;

/**
 * What decides which models of a slot stay loaded. Immutable.
 *
 * @param deviceBytes how much device memory the slot's models may take together; {@link Long#MAX_VALUE} for no bound
 * @param warm names of models that are set up before the first job and stay
 * @param metrics where set-ups and evictions are counted
 */
public record ModelCache(long deviceBytes, Set<String> warm, MeterRegistry metrics) {

    /** Copies the names. */
    public ModelCache {
        warm = Set.copyOf(warm);
    }
}
