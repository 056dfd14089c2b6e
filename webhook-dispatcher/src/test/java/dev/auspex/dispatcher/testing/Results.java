package dev.auspex.dispatcher.testing;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.delivery.DeliveryHeaders;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Everything in {@code delivery-results}. */
public final class Results implements AutoCloseable {

    private final List<DeliveryResult> all = new CopyOnWriteArrayList<>();
    private final TopicTail tail;

    public Results(KafkaClients kafka, Topics topics) {
        tail = new TopicTail(
                kafka.consumer("test-results", Map.of()),
                topics.deliveryResults(),
                topics.settings().partitions(),
                TopicTail.From.BEGINNING,
                record -> {
                    if (record.headers().lastHeader("result") != null) {
                        all.add(DeliveryHeaders.readResult(record.headers()));
                    }
                });
        tail.start();
    }

    /** In the order in which they were written. */
    public List<DeliveryResult> of(PredictionId prediction) {
        return all.stream().filter(result -> result.delivery().prediction().equals(prediction)).toList();
    }

    @Override
    public void close() throws InterruptedException {
        tail.stop(Duration.ofSeconds(5));
    }
}
