package dev.auspex.dispatcher.kafka;

import dev.auspex.dispatcher.delivery.ResultSink;
import dev.auspex.protocol.delivery.DeliveryHeaders;
import dev.auspex.protocol.delivery.DeliveryResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes results to {@code delivery-results}. Sending may block, so one virtual thread does it; a result that Kafka does
 * not take is offered again until it does, because the offset it came from waits for it. Safe for any thread.
 */
public final class ResultLog implements ResultSink {

    private static final Logger LOG = LoggerFactory.getLogger(ResultLog.class);
    private static final Executor LATER = CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

    private record Item(DeliveryResult result, byte @Nullable [] body, Runnable durable) {}

    private final KafkaProducer<String, byte[]> producer;
    private final String topic;
    private final LinkedBlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger unwritten = new AtomicInteger();
    private final Thread thread;
    private volatile boolean failing;

    /** Begins; takes over the producer. */
    public ResultLog(KafkaProducer<String, byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
        this.thread = Thread.ofVirtual().name("webhook-results").start(this::run);
    }

    @Override
    public void append(DeliveryResult result, byte @Nullable [] body, Runnable durable) {
        unwritten.incrementAndGet();
        queue.add(new Item(result, body, durable));
    }

    /** Whether the last write failed. */
    public boolean failing() {
        return failing;
    }

    /** Waits until everything appended so far is durable. @return whether that is so */
    public boolean flush(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (unwritten) {
            while (unwritten.get() > 0) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                unwritten.wait(left);
            }
        }
        return true;
    }

    /** Ends; what is not durable by then is left to the next run, which repeats it. */
    public void close(Duration limit) {
        thread.interrupt();
        producer.close(limit);
    }

    private void run() {
        try {
            while (true) {
                send(queue.take());
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("result log closed");
        }
    }

    private void send(Item item) throws InterruptedException {
        DeliveryResult result = item.result();
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, result.delivery().prediction().value(), item.body());
        DeliveryHeaders.write(result, record.headers());
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    written(item);
                } else {
                    failed(item, failure);
                }
            });
        } catch (org.apache.kafka.common.errors.InterruptException e) {
            throw new InterruptedException();
        } catch (RuntimeException e) {
            failed(item, e);
        }
    }

    private void written(Item item) {
        failing = false;
        item.durable().run();
        if (unwritten.decrementAndGet() == 0) {
            synchronized (unwritten) {
                unwritten.notifyAll();
            }
        }
    }

    private void failed(Item item, Exception failure) {
        failing = true;
        LOG.atWarn()
                .addKeyValue("webhook_id", item.result().delivery().id())
                .addKeyValue("cause", failure.getClass().getSimpleName())
                .log("result not written");
        if (failure instanceof RecordTooLargeException && item.body() != null) {
            // It will never fit: the outcome is kept, the retry is not.
            queue.add(new Item(settled(item.result()), null, item.durable()));
        } else {
            LATER.execute(() -> queue.add(item));
        }
    }

    private static DeliveryResult settled(DeliveryResult result) {
        return new DeliveryResult(
                result.delivery(), result.attempt(), result.outcome(), result.status(),
                "too large to be kept for a retry", result.startedAt(), result.elapsedMillis(), result.postponed(), null,
                result.trace());
    }
}
