package dev.auspex.executor.bench;

import dev.auspex.model.PredictionContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A prediction that nobody watches; keeps its metrics. One thread. */
final class QuietContext implements PredictionContext {

    private final Path folder;
    private final Map<String, Number> metrics = new HashMap<>();

    QuietContext(Path folder) {
        this.folder = folder;
    }

    double metric(String name) {
        return metrics.getOrDefault(name, Double.NaN).doubleValue();
    }

    @Override
    public void yield(Object chunk) {
        // Only its pace counts.
    }

    @Override
    public void log(String line) {
        // The table says what is worth saying.
    }

    @Override
    public void progress(double fraction) {
        // Nobody waits for it.
    }

    @Override
    public void metric(String name, Number value) {
        metrics.put(name, value);
    }

    @Override
    public boolean isCanceled() {
        return false;
    }

    @Override
    public void pause(Duration duration) {
        throw new UnsupportedOperationException("models that wait are not measured");
    }

    @Override
    public Path workFolder() {
        return folder;
    }
}
