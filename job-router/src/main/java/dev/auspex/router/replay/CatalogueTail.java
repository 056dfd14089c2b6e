package dev.auspex.router.replay;

import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Keeps the newest catalogue by reading its compacted topics from the beginning. Safe for any thread. */
final class CatalogueTail implements Catalogue {

    private final ConcurrentMap<ModelName, Model> models = new ConcurrentHashMap<>();
    private final Set<DeploymentName> deployments = ConcurrentHashMap.newKeySet();
    private final TopicTail modelTail;
    private final TopicTail deploymentTail;

    /** Reads nothing before {@link #start}. */
    CatalogueTail(KafkaClients kafka, Topics topics) {
        modelTail = tail(kafka, topics, topics.catalog(), this::readModel);
        deploymentTail = tail(kafka, topics, topics.deployments(), this::readDeployment);
    }

    private static TopicTail tail(
            KafkaClients kafka, Topics topics, String topic, Consumer<ConsumerRecord<String, byte[]>> reader) {
        return new TopicTail(
                kafka.consumer("router-replay-" + topic, Map.of()),
                topic,
                topics.settings().partitions(),
                TopicTail.From.BEGINNING,
                reader);
    }

    void start() {
        modelTail.start();
        deploymentTail.start();
    }

    /** Completes when all that was there at the start has been read. */
    CompletableFuture<@Nullable Void> caughtUp() {
        return CompletableFuture.allOf(modelTail.caughtUp(), deploymentTail.caughtUp());
    }

    @Override
    public Optional<Model> find(ModelName name) {
        return Optional.ofNullable(models.get(name));
    }

    @Override
    public boolean has(DeploymentName name) {
        return deployments.contains(name);
    }

    void stop(Duration limit) throws InterruptedException {
        modelTail.stop(limit);
        deploymentTail.stop(limit);
    }

    // What was removed is a record without a value.
    private void readModel(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            ModelName.parse(record.key()).ifPresent(models::remove);
        } else {
            Model model = Serdes.MODEL.deserialize(record.value());
            models.put(model.name(), model);
        }
    }

    private void readDeployment(ConsumerRecord<String, byte[]> record) {
        DeploymentName.parse(record.key()).ifPresent(name -> {
            if (record.value() == null) {
                deployments.remove(name);
            } else {
                deployments.add(name);
            }
        });
    }
}
