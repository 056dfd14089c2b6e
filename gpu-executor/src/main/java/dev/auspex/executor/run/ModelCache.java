package dev.auspex.executor.run;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What decides which models of a slot stay loaded. Safe for any thread.
 *
 * @param deviceBytes how much device memory the slot's models may take together; {@link Long#MAX_VALUE} for no bound
 * @param warm names of models that are set up before the first job and stay
 * @param kept names of models that are to be set up whenever they fit beside those, and go last; may change at any time, and is
 *     the same object until then
 * @param shortages how often a slot of the device ran out of memory: the others unload what need not stay as soon as they have
 *     nothing else to do
 * @param metrics where set-ups and evictions are counted
 */
public record ModelCache(
        long deviceBytes, Set<String> warm, Supplier<Set<String>> kept, AtomicInteger shortages, MeterRegistry metrics) {

    /** Copies the names. */
    public ModelCache {
        warm = Set.copyOf(warm);
    }
}
