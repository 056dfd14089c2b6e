package dev.auspex.executor.models;

import dev.auspex.model.CanceledException;
import dev.auspex.model.PredictionContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Remembers what a model said. Canceled when its condition says so. */
public final class RecordingContext implements PredictionContext {

    private final Path folder;
    private final BooleanSupplier canceled;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<Double> progress = new CopyOnWriteArrayList<>();
    private final List<Object> chunks = new CopyOnWriteArrayList<>();
    private final Map<String, Number> metrics = new ConcurrentHashMap<>();

    public RecordingContext(Path folder) {
        this(folder, () -> false);
    }

    public RecordingContext(Path folder, BooleanSupplier canceled) {
        this.folder = folder;
        this.canceled = canceled;
    }

    public List<String> lines() {
        return lines;
    }

    public List<Object> chunks() {
        return chunks;
    }

    public List<Double> progress() {
        return progress;
    }

    public Map<String, Number> metrics() {
        return metrics;
    }

    @Override
    public void yield(Object chunk) {
        chunks.add(chunk);
    }

    @Override
    public void log(String line) {
        lines.add(line);
    }

    @Override
    public void progress(double fraction) {
        progress.add(fraction);
    }

    @Override
    public void metric(String name, Number value) {
        metrics.put(name, value);
    }

    @Override
    public boolean isCanceled() {
        return canceled.getAsBoolean();
    }

    @Override
    public void pause(Duration duration) throws CanceledException {
        checkCanceled();
    }

    @Override
    public Path workFolder() {
        return folder;
    }
}
