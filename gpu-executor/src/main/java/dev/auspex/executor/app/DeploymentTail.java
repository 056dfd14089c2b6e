package dev.auspex.executor.app;

import dev.auspex.executor.domain.KeptModels;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.runtime.kafka.TopicTail;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Follows the deployments, for the models that they want kept set up. Lifecycle thread. */
final class DeploymentTail {

    private final KeptModels kept;
    private final TopicTail tail;

    DeploymentTail(ServiceContext context, String clientId, KeptModels kept) {
        this.kept = kept;
        this.tail = new TopicTail(
                context.kafka().consumer(clientId + "-deployments", Map.of()),
                context.topics().deployments(),
                context.topics().settings().partitions(),
                TopicTail.From.BEGINNING,
                this::read);
    }

    void start() {
        var unused = tail.caughtUp().thenRun(() -> kept.read(KeptModels.Source.DEPLOYMENTS));
        tail.start();
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            DeploymentName.parse(record.key()).ifPresent(kept::forget);
        } else {
            kept.follow(Serdes.DEPLOYMENT.deserialize(record.value()));
        }
    }

    void stop(Duration limit) throws InterruptedException {
        tail.stop(limit);
    }
}
