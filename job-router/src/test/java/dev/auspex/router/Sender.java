package dev.auspex.router;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes what gateways and executors write. Each method's future is done when the broker has the record. */
public final class Sender implements AutoCloseable {

    private final Topics topics;
    private final KafkaProducer<String, byte[]> producer;

    public Sender(KafkaClients kafka, Topics topics) {
        this.topics = topics;
        // On a topic that was made a moment ago the first batch may have to be repeated; one that overtook it would then
        // shut it out for good.
        this.producer = kafka.producer("test", Map.of(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1));
    }

    public Future<RecordMetadata> job(Job job) {
        return raw(topics.jobs(job.hardware()), job.id().value(), Serdes.JOB.serialize(job));
    }

    public Future<RecordMetadata> event(AttemptEvent event) {
        return raw(topics.events(), event.prediction().value(), Serdes.EVENT.serialize(event));
    }

    public Future<RecordMetadata> command(Command command) {
        return raw(topics.commands(), command.key(), Serdes.COMMAND.serialize(command));
    }

    public Future<RecordMetadata> raw(String topic, String key, byte[] value) {
        return producer.send(new ProducerRecord<>(topic, key, value));
    }

    /** Waits for the broker. */
    public static void acknowledged(Future<RecordMetadata> sent)
            throws ExecutionException, InterruptedException, TimeoutException {
        sent.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
