package dev.auspex.router;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads what is committed in a topic that is keyed by prediction id, from the beginning. One thread. */
public final class TopicReader implements AutoCloseable {

    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, List<byte[]>> seen = new HashMap<>();

    public TopicReader(KafkaClients kafka, Topics topics, String topic) {
        consumer = kafka.consumer("reader-" + topic, Map.of());
        List<TopicPartition> all = IntStream.range(0, topics.settings().partitions())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    /** The values of one prediction, after one more look. */
    public List<byte[]> poll(PredictionId id) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            seen.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(record.value());
        }
        return seen.getOrDefault(id.value(), List.of());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
