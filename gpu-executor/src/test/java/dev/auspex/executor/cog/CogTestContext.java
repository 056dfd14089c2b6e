package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.model.CanceledException;
import dev.auspex.model.PredictionContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a Cog model said. */
final class CogTestContext implements PredictionContext {

    /** Where nothing of Docker is tested. */
    static final DockerSettings NO_DOCKER = new DockerSettings(
            "unix:///nowhere/docker.sock",
            DockerSettings.Pull.NEVER,
            new DockerSettings.Bounds(0, 256, 1),
            List.of(),
            new DockerSettings.Network("bridge", ""));

    final List<Object> chunks = new CopyOnWriteArrayList<>();
    final StringBuffer logs = new StringBuffer();
    final Map<String, Number> metrics = new ConcurrentHashMap<>();
    volatile boolean canceled;
    volatile boolean begun;
    private final Path folder;

    CogTestContext(Path folder) {
        this.folder = folder;
    }

    /** A job whose input has no files. */
    CogJob job(ObjectNode input) {
        return job(input, (field, url) -> {
            throw new AssertionError("there is no file in this input, but one was asked for: " + field);
        });
    }

    CogJob job(ObjectNode input, CogFiles files) {
        String id = UUID.randomUUID().toString().replace("-", "");
        return new CogJob(id, input, this, files, new CogJob.Calls(() -> false, () -> begun = true, () -> false));
    }

    List<String> texts() {
        return chunks.stream().map(chunk -> ((com.fasterxml.jackson.databind.JsonNode) chunk).asText()).toList();
    }

    @Override
    public void yield(Object chunk) {
        chunks.add(chunk);
    }

    @Override
    public void log(String line) {
        logs.append(line);
    }

    @Override
    public void progress(double fraction) {
        throw new UnsupportedOperationException("Cog has no progress");
    }

    @Override
    public void metric(String name, Number value) {
        metrics.put(name, value);
    }

    @Override
    public boolean isCanceled() {
        return canceled;
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
