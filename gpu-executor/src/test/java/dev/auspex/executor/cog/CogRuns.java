package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Runs predictions as slots do. */
final class CogRuns implements AutoCloseable {

    /** Long enough for every machine, and shorter than what a server that hangs could cost before. */
    static final Duration SOON = Duration.ofSeconds(20);

    final CogServers servers;
    private final Path folder;

    /** @param grace for a model that was told to stop */
    CogRuns(Path folder, Duration grace, DockerSettings containers) {
        this(folder, grace, containers, Duration.ofMillis(300));
    }

    /** @param idle until a container that jobs have used makes room for one that is only to be kept */
    CogRuns(Path folder, Duration grace, DockerSettings containers, Duration idle) {
        this.folder = folder;
        this.servers = new CogServers(
                new CogServers.Inbound("127.0.0.1", 0, "", folder.resolve("uploads"), 1 << 20),
                new CogServers.Waits(Duration.ofSeconds(60), Duration.ofMillis(900), grace, idle),
                containers,
                Clock.systemUTC());
    }

    CogTestContext context() throws IOException {
        return new CogTestContext(Files.createTempDirectory(folder, "job"));
    }

    Object run(Runner runner, ObjectNode input, CogTestContext context) throws Exception {
        return servers.run(runner, true, context.job(input));
    }

    CompletableFuture<Object> later(Runner runner, ObjectNode input, CogTestContext context) {
        CompletableFuture<Object> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                done.complete(run(runner, input, context));
            } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    static ObjectNode input(String prompt, String what) {
        return Json.object().put("prompt", prompt).put("do", what);
    }

    @Override
    public void close() {
        servers.close();
    }
}
