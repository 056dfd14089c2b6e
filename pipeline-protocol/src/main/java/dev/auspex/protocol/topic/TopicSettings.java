package dev.auspex.protocol.topic;

import dev.auspex.protocol.HardwareClass;
import java.time.Duration;
import java.util.List;

/**
 * What an installation chooses about its topics; the same in every service.
 *
 * @param prefix begins every name, such as {@code auspex.}
 * @param partitions of every topic: state is kept per partition, so all must agree
 * @param replicas copies of each partition; 3 for a cluster
 * @param retention how long jobs, events and commands stay
 * @param hardware the classes that have a jobs topic
 */
public record TopicSettings(
        String prefix, int partitions, short replicas, Duration retention, List<HardwareClass> hardware) {

    /** Copies the classes. */
    public TopicSettings {
        hardware = List.copyOf(hardware);
    }
}
