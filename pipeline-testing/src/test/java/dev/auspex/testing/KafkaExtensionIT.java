package dev.auspex.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import dev.auspex.runtime.kafka.TopicTail;
import java.util.concurrent.CopyOnWriteArrayList;

@ExtendWith(KafkaExtension.class)
class KafkaExtensionIT {

    @Test
    void shouldHaveEveryTopicWhenATestBegins(KafkaClients kafka, Topics topics) throws Exception {
        try (Admin admin = kafka.admin("test")) {
            assertThat(admin.listTopics().names().get())
                    .containsAll(topics.all().stream().map(spec -> spec.name()).toList());
        }
    }

    @Test
    void shouldTailWhatWasThereAndWhatComesWhenReadingFromTheBeginning(KafkaClients kafka, Topics topics)
            throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (KafkaProducer<String, byte[]> producer = kafka.producer("test", Map.of())) {
            producer.send(new ProducerRecord<>(topics.commands(), "before", new byte[1])).get();
            TopicTail tail = new TopicTail(
                    kafka.consumer("tail", Map.of()),
                    topics.commands(),
                    topics.settings().partitions(),
                    TopicTail.From.BEGINNING,
                    record -> seen.add(record.key()));
            tail.start();
            tail.caughtUp().get();
            assertThat(new ArrayList<>(seen)).containsExactly("before");
            producer.send(new ProducerRecord<>(topics.commands(), "after", new byte[1])).get();
            Awaitility.await().untilAsserted(() -> assertThat(seen).containsExactly("before", "after"));
            tail.stop(Duration.ofSeconds(5));
        }
    }
}
