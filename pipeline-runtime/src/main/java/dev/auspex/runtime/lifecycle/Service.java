package dev.auspex.runtime.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A part of the platform that can be started and stopped: a whole service, or the embedded broker. */
public interface Service {

    /** A short lower-case name for logs and readiness answers. */
    String name();

    /** Starts and returns once the work is under way; it need not be ready yet. Called once, by one thread. */
    void start() throws Exception;

    /** Why it is not ready, one sentence each; empty when it is. Any thread, cheap, never blocks. */
    List<String> problems();

    /**
     * Documents to show as JSON beside health and metrics, by path. Asked at every request, on any thread; must not block.
     */
    default Map<String, Supplier<Object>> pages() {
        return Map.of();
    }

    /**
     * Stops taking work, finishes or hands back what is under way within the limit, flushes and closes. Called at most
     * once, also after a start that failed half-way.
     */
    void stop(Duration limit) throws Exception;
}
