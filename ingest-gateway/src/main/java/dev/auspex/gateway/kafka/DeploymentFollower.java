package dev.auspex.gateway.kafka;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps the newest releases of all deployments by reading their compacted topic from its beginning. Any thread. */
public final class DeploymentFollower {

    private final TopicTail tail;
    private final ConcurrentMap<DeploymentName, Deployment> deployments = new ConcurrentHashMap<>();
    /** Those who wait for a change by its id, or for a deployment to go by its name. */
    private final Awaited<String, Optional<Deployment>> awaited = new Awaited<>();

    /** Reads nothing before {@link #start}. */
    public DeploymentFollower(KafkaClients kafka, Topics topics) {
        tail = new TopicTail(
                kafka.consumer("gateway-deployments", Map.of()),
                topics.deployments(),
                topics.settings().partitions(),
                TopicTail.From.BEGINNING,
                this::read);
    }

    /** Begins reading. */
    public void start() {
        tail.start();
    }

    /** Whether everything that was there at the start has been read. */
    public boolean isCaughtUp() {
        return tail.isCaughtUp();
    }

    /** The deployment of that name. */
    public Optional<Deployment> find(DeploymentName name) {
        return Optional.ofNullable(deployments.get(name));
    }

    /** An account's deployments, newest release first. */
    public List<Deployment> of(AccountId account) {
        return deployments.values().stream()
                .filter(deployment -> deployment.name().owner().equals(account))
                .sorted(Comparator.comparing((Deployment deployment) -> deployment.release().createdAt())
                        .reversed()
                        .thenComparing(Deployment::name))
                .toList();
    }

    /**
     * Completes with the release that a change leads to, or fails when the time is over. Ask before the change is written.
     *
     * @param changeId as in the command
     */
    public CompletableFuture<Optional<Deployment>> released(String changeId, Duration limit) {
        return awaited.await(changeId, limit);
    }

    /** Completes when a deployment has gone, or fails when the time is over. Ask before the command is written. */
    public CompletableFuture<Optional<Deployment>> gone(DeploymentName name, Duration limit) {
        return awaited.await(name.toString(), limit);
    }

    /** Whether any account's deployment makes predictions with this version. */
    public boolean use(VersionId version) {
        return deployments.values().stream().anyMatch(it -> it.release().version().equals(version));
    }

    /** Ends reading. */
    public void stop(Duration limit) throws InterruptedException {
        tail.stop(limit);
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            DeploymentName.parse(record.key()).ifPresent(deployments::remove);
            awaited.tell(record.key(), Optional.empty());
        } else {
            Deployment deployment = Serdes.DEPLOYMENT.deserialize(record.value());
            deployments.put(deployment.name(), deployment);
            awaited.tell(deployment.change(), Optional.of(deployment));
        }
    }
}
