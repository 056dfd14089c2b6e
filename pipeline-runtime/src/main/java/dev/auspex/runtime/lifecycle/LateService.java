package dev.auspex.runtime.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A service that is built when its turn to start has come: what it opens in its constructor needs Kafka. */
final class LateService implements Service {

    /** Builds it. */
    interface Source {
        Service build() throws Exception;
    }

    private final Source source;
    private volatile @Nullable Service service;

    LateService(Source source) {
        this.source = source;
    }

    @Override
    public String name() {
        Service built = service;
        return built == null ? "service" : built.name();
    }

    @Override
    public void start() throws Exception {
        Service built = source.build();
        service = built;
        built.start();
    }

    @Override
    public List<String> problems() {
        Service built = service;
        return built == null ? List.of("not started yet") : built.problems();
    }

    @Override
    public Map<String, Supplier<Object>> pages() {
        Service built = service;
        return built == null ? Map.of() : built.pages();
    }

    @Override
    public void stop(Duration limit) throws Exception {
        Service built = service;
        if (built != null) {
            built.stop(limit);
        }
    }
}
