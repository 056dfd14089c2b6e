package dev.auspex.executor.kafka;

import dev.auspex.executor.run.EventSink;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.protocol.worker.WorkerStatus;
import dev.auspex.runtime.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The executor's one producer: events, model registrations, copies of jobs nobody can run. Safe for any thread. */
public final class KafkaEvents implements EventSink, AutoCloseable {

    /** An output has to fit the event, and the event the router's snapshot with the input beside it. */
    static final int MAX_EVENT_BYTES = 12 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(KafkaEvents.class);
    // A result that took hours must outlive a broker that is away for minutes; the job's lock is kept meanwhile.
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final KafkaProducer<String, byte[]> producer;
    private final Topics topics;

    /** @param clientId for the broker's logs */
    public KafkaEvents(KafkaClients kafka, Topics topics, String clientId) {
        this.topics = topics;
        this.producer = kafka.producer(
                clientId,
                Map.of(
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis(),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis()));
    }

    @Override
    public Future<?> send(AttemptEvent event) throws EventTooLargeException {
        byte[] value = Serdes.EVENT.serialize(event);
        if (value.length > MAX_EVENT_BYTES) {
            throw new EventTooLargeException(value.length);
        }
        return producer.send(
                new ProducerRecord<>(topics.events(), event.prediction().value(), value), (metadata, failure) -> {
                    if (failure != null) {
                        LOG.atWarn()
                                .addKeyValue("prediction", event.prediction())
                                .addKeyValue("event", event.body().getClass().getSimpleName())
                                .setCause(failure)
                                .log("event not accepted by Kafka");
                    }
                });
    }

    /** Sends a command. @return done when the broker has it */
    public Future<?> send(Command command) {
        return producer.send(new ProducerRecord<>(topics.commands(), command.key(), Serdes.COMMAND.serialize(command)));
    }

    /** Says how this executor stands. Nobody waits for it: the next one comes in a moment. */
    public void send(WorkerStatus status) {
        var unused = producer.send(new ProducerRecord<>(
                topics.workers(), status.executor().value(), Serdes.WORKER.serialize(status)));
    }

    /** Says that this executor has stopped. */
    public void sendStopped(ExecutorId executor) {
        var unused = producer.send(new ProducerRecord<>(topics.workers(), executor.value(), null));
    }

    /** Copies a job that cannot be run to the dead ones. @return done when the broker has it */
    Future<?> bury(ConsumerRecord<String, byte[]> record, String cause) {
        ProducerRecord<String, byte[]> copy = new ProducerRecord<>(topics.deadJobs(), record.key(), record.value());
        record.headers().forEach(header -> copy.headers().add(header));
        header(copy, "cause", cause);
        header(copy, "topic", record.topic());
        header(copy, "partition", Integer.toString(record.partition()));
        header(copy, "offset", Long.toString(record.offset()));
        header(copy, "deliveries", Integer.toString(record.deliveryCount().orElse((short) 0)));
        return producer.send(copy);
    }

    private static void header(ProducerRecord<String, byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends what is left, for so long at most. */
    public void close(Duration limit) {
        producer.close(limit);
    }

    @Override
    public void close() {
        producer.close();
    }
}
