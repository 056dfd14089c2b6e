package dev.auspex.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.TopicSpec;
import dev.auspex.protocol.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

class TopicFindingsTest {

    private final Topics topics = new Topics(
            new TopicSettings("t.", 4, (short) 3, Duration.ofDays(7), List.of(new HardwareClass("cpu"))));
    private final Map<String, TopicFindings.Found> found = new HashMap<>();

    TopicFindingsTest() {
        for (TopicSpec spec : topics.all()) {
            found.put(spec.name(), new TopicFindings.Found(spec.partitions(), spec.replicas(), spec.config()));
        }
    }

    @Test
    void shouldFindNothingWhenTheTopicsAreAsWanted() {
        TopicFindings findings = TopicFindings.of(topics, found);

        assertThat(findings.wrong()).isEmpty();
        assertThat(findings.unsafe()).isEmpty();
    }

    @Test
    void shouldNeverAcceptATopicWhenItHasAnotherNumberOfPartitions() {
        found.put(topics.events(), new TopicFindings.Found(8, 3, Map.of()));
        found.remove(topics.catalog());

        assertThat(TopicFindings.of(topics, found).wrong())
                .anySatisfy(text -> assertThat(text).contains("is 4, but topic t.events has 8"))
                .anySatisfy(text -> assertThat(text).contains("t.catalog is missing"))
                .hasSize(2);
    }

    @Test
    void shouldFindWhatCanLoseRecordsWhenCopiesAreMissing() {
        change(topics.events(), 1, Map.of(
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1", TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "true"));

        assertThat(TopicFindings.of(topics, found).unsafe())
                .anySatisfy(text -> assertThat(text).contains("topics.replicas").contains("t.events has a partition with 1"))
                .anySatisfy(text -> assertThat(text).contains("min.insync.replicas 1, expected at least 2"))
                .anySatisfy(text -> assertThat(text).contains("unclean.leader.election.enable true"))
                .hasSize(3);
    }

    @Test
    void shouldFindWhatWouldVanishEarlyWhenItIsKeptForLessTime() {
        change(topics.predictions(), 3, Map.of(
                TopicConfig.RETENTION_MS_CONFIG, "1000", TopicConfig.CLEANUP_POLICY_CONFIG, "delete"));
        change(topics.commands(), 3, Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));

        assertThat(TopicFindings.of(topics, found).unsafe())
                .anySatisfy(text -> assertThat(text).contains("t.predictions has retention.ms 1000, expected at least 604800000"))
                .anySatisfy(text -> assertThat(text).contains("cleanup.policy delete, expected compact,delete"))
                .hasSize(2);
    }

    private void change(String topic, int replicas, Map<String, String> changes) {
        Map<String, String> config = new HashMap<>(found.get(topic).config());
        config.putAll(changes);
        found.put(topic, new TopicFindings.Found(4, replicas, config));
    }
}
