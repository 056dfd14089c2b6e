package dev.auspex.runtime.kafka;

import dev.auspex.protocol.topic.TopicSpec;
import dev.auspex.protocol.topic.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What is wrong with the topics as they are. Pure.
 *
 * @param wrong nothing works with these; never accepted
 * @param unsafe accepted records can be lost or vanish early; not accepted in production
 */
record TopicFindings(List<String> wrong, List<String> unsafe) {

    /** What a cluster has. @param replicas of the partition that has the fewest @param config by Kafka's names */
    record Found(int partitions, int replicas, Map<String, String> config) {}

    /** @param found every topic of the list, by name */
    static TopicFindings of(Topics topics, Map<String, Found> found) {
        TopicFindings findings = new TopicFindings(new ArrayList<>(), new ArrayList<>());
        for (TopicSpec spec : topics.all()) {
            Found topic = found.get(spec.name());
            if (topic == null) {
                findings.wrong.add("topic " + spec.name() + " is missing");
            } else {
                findings.compare(spec, topic);
            }
        }
        return findings;
    }

    private void compare(TopicSpec spec, Found topic) {
        if (topic.partitions() != spec.partitions()) {
            wrong.add("topics.partitions (AUSPEX_TOPICS_PARTITIONS): is " + spec.partitions() + ", but topic "
                    + spec.name() + " has " + topic.partitions());
        }
        if (topic.replicas() < spec.replicas()) {
            unsafe.add("topics.replicas (AUSPEX_TOPICS_REPLICAS): is " + spec.replicas() + ", but topic " + spec.name()
                    + " has a partition with " + topic.replicas());
        }
        atLeast(spec, topic, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
        atLeast(spec, topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        atLeast(spec, topic, TopicConfig.RETENTION_MS_CONFIG);
        String policy = spec.config().get(TopicConfig.CLEANUP_POLICY_CONFIG);
        String actual = topic.config().get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (policy != null && actual != null && !words(policy).equals(words(actual))) {
            unsafe.add("topic " + spec.name() + " has cleanup.policy " + actual + ", expected " + policy);
        }
        if ("true".equals(topic.config().get(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG))) {
            unsafe.add("topic " + spec.name() + " has unclean.leader.election.enable true, expected false");
        }
    }

    private void atLeast(TopicSpec spec, Found topic, String name) {
        String wanted = spec.config().get(name);
        String actual = topic.config().get(name);
        // Below zero stands for "without a limit".
        if (wanted != null && actual != null && Long.parseLong(actual) >= 0
                && Long.parseLong(actual) < Long.parseLong(wanted)) {
            unsafe.add("topic " + spec.name() + " has " + name + " " + actual + ", expected at least " + wanted);
        }
    }

    private static Set<String> words(String list) {
        return new HashSet<>(Arrays.stream(list.split(",")).map(String::strip).toList());
    }
}
