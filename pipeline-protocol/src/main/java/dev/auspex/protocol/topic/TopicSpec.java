package dev.auspex.protocol.topic;

import java.util.Map;

/**
 * One topic as it has to exist.
 *
 * @param name with the prefix
 * @param partitions how many
 * @param replicas copies of each partition
 * @param config topic settings by Kafka's names
 */
public record TopicSpec(String name, int partitions, short replicas, Map<String, String> config) {

    /** Copies the settings. */
    public TopicSpec {
        config = Map.copyOf(config);
    }
}
