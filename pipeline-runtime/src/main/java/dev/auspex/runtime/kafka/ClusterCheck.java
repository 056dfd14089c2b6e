package dev.auspex.runtime.kafka;

import dev.auspex.protocol.topic.TopicSpec;
import dev.auspex.protocol.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a cluster for its topics and settings. Used by the thread that starts the service; every call may block. */
final class ClusterCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterCheck.class);
    private static final long LIMIT_SECONDS = 60;
    /** Kafka's own topics that hold promises of ours: what was consumed, committed, and handed to whom. */
    private static final Map<String, String> INTERNAL = Map.of(
            "__consumer_offsets", "offsets.topic.replication.factor",
            "__transaction_state", "transaction.state.log.replication.factor",
            "__share_group_state", "share.coordinator.state.topic.replication.factor");

    private final Admin admin;
    private final Topics topics;

    ClusterCheck(Admin admin, Topics topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /** What is wrong with the topics of the installation and with Kafka's own. */
    TopicFindings findings() throws ExecutionException, InterruptedException {
        List<String> names = topics.all().stream().map(TopicSpec::name).toList();
        Map<String, TopicDescription> described = await(admin.describeTopics(names).allTopicNames());
        Map<String, Map<String, String>> configs = topicConfigs(names);
        Map<String, TopicFindings.Found> found = new HashMap<>();
        described.forEach((name, topic) -> found.put(name, new TopicFindings.Found(
                topic.partitions().size(), fewestReplicas(topic), configs.getOrDefault(name, Map.of()))));
        TopicFindings findings = TopicFindings.of(topics, found);
        checkInternal(findings);
        return findings;
    }

    private void checkInternal(TopicFindings findings) throws ExecutionException, InterruptedException {
        Collection<Node> nodes = await(admin.describeCluster().nodes());
        Map<String, String> broker = brokerConfig(nodes.iterator().next());
        Map<String, TopicDescription> existing = new HashMap<>();
        List<String> there = await(admin.listTopics(new org.apache.kafka.clients.admin.ListTopicsOptions().listInternal(true)).names())
                .stream().filter(INTERNAL::containsKey).toList();
        existing.putAll(await(admin.describeTopics(there).allTopicNames()));
        int wanted = Math.min(topics.settings().replicas(), 3);
        INTERNAL.forEach((topic, key) -> {
            TopicDescription description = existing.get(topic);
            String configured = broker.get(key);
            if (description != null) {
                if (fewestReplicas(description) < wanted) {
                    findings.unsafe().add("Kafka's own topic " + topic + " has " + fewestReplicas(description)
                            + " copies, expected at least " + wanted);
                }
            } else if (configured != null && Integer.parseInt(configured) > nodes.size()) {
                findings.wrong().add("the brokers' " + key + " is " + configured + ", but there are only " + nodes.size()
                        + ": the topic cannot be made and workers would silently get nothing");
            } else if (configured != null && Integer.parseInt(configured) < wanted) {
                findings.unsafe().add("the brokers' " + key + " is " + configured + ", expected at least " + wanted);
            }
        });
    }

    // Not every account may read the brokers' settings: what cannot be seen cannot be checked.
    private Map<String, String> brokerConfig(Node node) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
        try {
            Config config = await(admin.describeConfigs(List.of(resource)).all()).get(resource);
            return config == null ? Map.of() : values(config);
        } catch (ExecutionException e) {
            LOG.atWarn().addKeyValue("cause", e.getCause()).log("the brokers' settings cannot be checked");
            return Map.of();
        }
    }

    private Map<String, Map<String, String>> topicConfigs(List<String> names)
            throws ExecutionException, InterruptedException {
        List<ConfigResource> resources =
                names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
        Map<String, Map<String, String>> configs = new HashMap<>();
        await(admin.describeConfigs(resources).all()).forEach((resource, config) -> configs.put(resource.name(), values(config)));
        return configs;
    }

    private static Map<String, String> values(Config config) {
        Map<String, String> values = new HashMap<>();
        for (ConfigEntry entry : new ArrayList<>(config.entries())) {
            if (entry.value() != null) {
                values.put(entry.name(), entry.value());
            }
        }
        return values;
    }

    private static int fewestReplicas(TopicDescription topic) {
        return topic.partitions().stream().mapToInt(partition -> partition.replicas().size()).min().orElse(0);
    }

    /** Waits a minute at most; a time-out is reported as Kafka reports its own. */
    static <T> T await(KafkaFuture<T> future) throws ExecutionException, InterruptedException {
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new ExecutionException(new org.apache.kafka.common.errors.TimeoutException(e));
        }
    }
}
