package dev.auspex.router;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.topic.SnapshotHeaders;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the committed snapshots from the beginning. One thread. */
public final class SnapshotReader implements AutoCloseable {

    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<PredictionId, List<Snapshot>> seen = new HashMap<>();

    /** A record of the predictions topic. */
    public record Snapshot(SnapshotHeaders headers, JsonNode body) {}

    public SnapshotReader(KafkaClients kafka, Topics topics) {
        consumer = kafka.consumer("snapshots", Map.of());
        List<TopicPartition> all = IntStream.range(0, topics.settings().partitions())
                .mapToObj(partition -> new TopicPartition(topics.predictions(), partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    /** Everything that was read so far, after one more look. */
    public Map<PredictionId, List<Snapshot>> poll() throws IOException {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            seen.computeIfAbsent(new PredictionId(record.key()), id -> new ArrayList<>())
                    .add(new Snapshot(SnapshotHeaders.readFrom(record.headers()), Json.parse(record.value())));
        }
        return seen;
    }

    /** What was read of one prediction, after one more look. */
    public List<Snapshot> poll(PredictionId id) throws IOException {
        return poll().getOrDefault(id, List.of());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
