package dev.auspex.gateway.http;

import dev.auspex.protocol.ModelName;
import dev.auspex.runtime.metrics.Metric;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts accepted predictions by model. Safe for any thread. */
final class CreatedPredictions {

    private final MeterRegistry registry;
    private final Counter repeated;
    private final ConcurrentMap<ModelName, Counter> counters = new ConcurrentHashMap<>();

    CreatedPredictions(MeterRegistry registry) {
        this.registry = registry;
        this.repeated = Metric.PREDICTIONS_REPEATED.counter(registry);
    }

    void count(ModelName model) {
        counter(model).increment();
    }

    /** A request was answered with the prediction of an earlier one. */
    void repeated() {
        repeated.increment();
    }

    private Counter counter(ModelName model) {
        return counters.computeIfAbsent(model, name -> Metric.PREDICTIONS_CREATED.counter(registry, name.toString()));
    }
}
