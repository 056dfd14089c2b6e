package dev.auspex.gateway.kafka;

import dev.auspex.runtime.kafka.KafkaClients;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records with {@code acks=all} for callers on event loops. {@code KafkaProducer.send} can block (metadata, full
 * buffer), so one thread of this class calls it for everybody, from a bounded queue; each result comes back on the Vert.x
 * context that asked. What waits is bounded in records and bytes, and in time: nobody waits for a queue behind a broker
 * that is away.
 */
public final class RecordSender {

    private static final Logger LOG = LoggerFactory.getLogger(RecordSender.class);
    private static final int BATCH = 256;
    /** How long one send may block for metadata or buffer space. */
    private static final Duration MAX_BLOCK = Duration.ofSeconds(3);
    /** How long an accepted record may wait for its acknowledgement: long enough for a change of leaders. */
    private static final Duration DELIVERY = Duration.ofSeconds(10);

    private final KafkaProducer<String, byte[]> producer;
    private final List<String> topics;
    private final int maxRecords;
    private final long maxBytes;
    private final BlockingQueue<Pending> queue;
    private final AtomicInteger records = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final Thread thread = Thread.ofPlatform().name("gateway-sender").daemon().unstarted(this::run);
    private volatile boolean stopping;
    /** Only the sender's thread touches it: set by a callback that runs inside {@code send} because the send failed. */
    private boolean blocked;

    /**
     * @param topics those that will be written to; their metadata is fetched before the first record comes
     * @param maxRecords how many may wait at once
     * @param maxBytes how much memory they may take
     */
    public RecordSender(KafkaClients kafka, List<String> topics, int maxRecords, long maxBytes) {
        this.producer = kafka.producer("gateway", Map.of(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis(),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY.toMillis(),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) DELIVERY.dividedBy(2).toMillis(),
                ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10,
                // A topic without traffic would be forgotten after five minutes and the next create would wait.
                ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(1).toMillis()));
        this.topics = List.copyOf(topics);
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
        this.queue = new ArrayBlockingQueue<>(maxRecords);
    }

    /** Begins taking records. */
    public void start() {
        thread.start();
    }

    /**
     * Writes a record. Call it on a Vert.x context; the future completes there, always with a result and never with a
     * failure, at the latest some 16 seconds later.
     */
    public Future<SendResult> send(String topic, String key, byte[] value) {
        Pending pending = new Pending(new ProducerRecord<>(topic, key, value), Vertx.currentContext());
        if (stopping || !admit(value.length)) {
            return Future.succeededFuture(SendResult.OVERLOADED);
        }
        // There is room: the queue holds as many as are admitted.
        queue.add(pending);
        return pending.promise.future();
    }

    private boolean admit(int size) {
        if (records.incrementAndGet() > maxRecords) {
            records.decrementAndGet();
            return false;
        }
        if (bytes.addAndGet(size) > maxBytes) {
            bytes.addAndGet(-size);
            records.decrementAndGet();
            return false;
        }
        return true;
    }

    private void run() {
        warmUp();
        List<Pending> batch = new ArrayList<>(BATCH);
        while (!stopping || !queue.isEmpty()) {
            try {
                Pending first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, BATCH - 1);
                sendAll(batch);
                batch.clear();
            } catch (InterruptedException e) {
                break;
            }
        }
    }

    private void warmUp() {
        try {
            topics.forEach(producer::partitionsFor);
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("Kafka did not answer yet");
        }
    }

    private void sendAll(List<Pending> batch) {
        blocked = false;
        for (Pending pending : batch) {
            if (blocked) {
                pending.finish(SendResult.UNAVAILABLE);
            } else {
                send(pending);
            }
        }
        if (blocked) {
            // Whoever queued behind the send that blocked has waited as long as it: answer now, or each would block in turn.
            List<Pending> waiting = new ArrayList<>();
            queue.drainTo(waiting);
            waiting.forEach(pending -> pending.finish(SendResult.UNAVAILABLE));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the same
    private void send(Pending pending) {
        try {
            producer.send(pending.record, pending);
        } catch (RuntimeException e) {
            // Refusals come through the callback; this is a closed or broken producer.
            LOG.atError().setCause(e).log("send failed");
            pending.finish(SendResult.UNAVAILABLE);
        }
    }

    /** Refuses new records, waits for those under way, closes the producer. */
    public void stop(Duration limit) throws InterruptedException {
        stopping = true;
        thread.join(limit.dividedBy(2));
        thread.interrupt();
        producer.close(limit.dividedBy(2));
    }

    private final class Pending implements Callback {
        private final ProducerRecord<String, byte[]> record;
        private final Context context;
        private final Promise<SendResult> promise = Promise.promise();

        Pending(ProducerRecord<String, byte[]> record, Context context) {
            this.record = record;
            this.context = context;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (failure == null) {
                finish(SendResult.STORED);
            } else if (failure instanceof RecordTooLargeException) {
                finish(SendResult.TOO_LARGE);
            } else {
                LOG.atWarn().addKeyValue("topic", record.topic()).addKeyValue("cause", failure.getMessage())
                        .log("record not stored");
                if (Thread.currentThread().equals(thread)) {
                    blocked = true;
                }
                finish(SendResult.UNAVAILABLE);
            }
        }

        void finish(SendResult result) {
            records.decrementAndGet();
            bytes.addAndGet(-record.value().length);
            context.runOnContext(done -> promise.complete(result));
        }
    }
}
