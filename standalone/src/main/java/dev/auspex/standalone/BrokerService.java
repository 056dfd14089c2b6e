package dev.auspex.standalone;

import dev.auspex.broker.EmbeddedBroker;
import dev.auspex.runtime.lifecycle.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The embedded broker as the first of the services. Already running: everything else is built on its address. */
final class BrokerService implements Service {

    private final EmbeddedBroker broker;

    private BrokerService(EmbeddedBroker broker) {
        this.broker = broker;
    }

    static BrokerService start(Path folder) {
        return start(folder, 0);
    }

    /** @param port 0 for a free one */
    static BrokerService start(Path folder, int port) {
        return new BrokerService(EmbeddedBroker.start(folder, port));
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public void start() {
        // runs since it was made
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public void stop(Duration limit) {
        broker.close();
    }
}
