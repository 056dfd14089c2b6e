package dev.auspex.router.kafka;

import dev.auspex.protocol.topic.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics that the stores are rebuilt from. Kafka Streams would make them by itself in the middle of its first
 * rebalance and then ask for their offsets before every broker knows of them; made beforehand, the first start is quick
 * and quiet.
 */
final class ChangelogTopics {

    private static final int CLUSTER_REPLICAS = 3;
    private static final long LIMIT_SECONDS = 30;
    private static final long PAUSE_MS = 20;

    private final Topics topics;

    ChangelogTopics(Topics topics) {
        this.topics = topics;
    }

    /** What each of them is set to; Kafka Streams is told the same. */
    Map<String, String> config() {
        Map<String, String> config = new HashMap<>();
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Topics.MAX_RECORD_BYTES));
        if (topics.settings().replicas() >= CLUSTER_REPLICAS) {
            config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        return config;
    }

    /** Makes those that are missing. Blocks until the broker has answered. */
    void install(Admin admin) throws ExecutionException, InterruptedException, TimeoutException {
        Set<String> existing = await(admin.listTopics().names());
        List<NewTopic> missing = List.of(
                        RouterTopology.PREDICTIONS, RouterTopology.MODELS, RouterTopology.CLAIMS,
                        RouterTopology.TIMERS, RouterTopology.DEPLOYMENTS, RouterTopology.USAGE,
                        RouterTopology.QUEUED, RouterTopology.GATES)
                .stream()
                .map(store -> topics.group(RouterTopology.APPLICATION) + "-" + store + "-changelog")
                .filter(name -> !existing.contains(name))
                .map(name -> new NewTopic(name, topics.settings().partitions(), topics.settings().replicas())
                        .configs(config()))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        try {
            await(admin.createTopics(missing).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e; // otherwise another router that starts at the same time made them
            }
        }
        awaitVisible(admin, missing.stream().map(NewTopic::name).collect(Collectors.toSet()));
    }

    // A topic that was made is not known everywhere at once.
    private static void awaitVisible(Admin admin, Set<String> names)
            throws ExecutionException, InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (true) {
            try {
                await(admin.describeTopics(names).allTopicNames());
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            }
        }
    }

    private static <T> T await(KafkaFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
