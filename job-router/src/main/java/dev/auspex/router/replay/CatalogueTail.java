package dev.auspex.router.replay;

import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Keeps the newest catalogue by reading its compacted topic from the beginning. Safe for any thread. */
final class CatalogueTail implements ModelTable {

    private final ConcurrentMap<ModelName, Model> models = new ConcurrentHashMap<>();
    private final TopicTail tail;

    /** Reads nothing before {@link #start}. */
    CatalogueTail(KafkaClients kafka, Topics topics) {
        tail = new TopicTail(
                kafka.consumer("router-replay-models", Map.of()),
                topics.catalog(),
                topics.settings().partitions(),
                TopicTail.From.BEGINNING,
                this::read);
    }

    void start() {
        tail.start();
    }

    /** Completes when all that was there at the start has been read. */
    CompletableFuture<@Nullable Void> caughtUp() {
        return tail.caughtUp();
    }

    @Override
    public Optional<Model> find(ModelName name) {
        return Optional.ofNullable(models.get(name));
    }

    void stop(Duration limit) throws InterruptedException {
        tail.stop(limit);
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        // A removed model is a record without a value.
        if (record.value() == null) {
            ModelName.parse(record.key()).ifPresent(models::remove);
        } else {
            Model model = Serdes.MODEL.deserialize(record.value());
            models.put(model.name(), model);
        }
    }
}
