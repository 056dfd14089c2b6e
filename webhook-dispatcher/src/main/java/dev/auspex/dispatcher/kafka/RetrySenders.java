package dev.auspex.dispatcher.kafka;

import dev.auspex.dispatcher.delivery.DeliveryLoop;
import dev.auspex.protocol.delivery.DeliveryHeaders;
import dev.auspex.protocol.delivery.DeliveryOrder;
import dev.auspex.runtime.kafka.BrokerLink;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes due retries from the share group and hands them to the delivery loop, on one thread. A record is accepted as soon
 * as it has been taken over: the scheduler keeps the message until its result arrives and orders it again when none does
 * (ADR 0003), so one slow receiver does not hold the rest of a batch.
 */
public final class RetrySenders {

    private static final Logger LOG = LoggerFactory.getLogger(RetrySenders.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final BooleanSupplier reachable;
    private final Supplier<ShareConsumer<String, byte[]>> consumers;
    private final String topic;
    private final DeliveryLoop loop;
    private final Clock clock;
    private final Semaphore free;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    /**
     * @param reachable whether there is a broker to become a member at
     * @param consumers makes members of the share group; another one after a failure
     * @param most how many retries may be under way
     */
    public RetrySenders(
            BooleanSupplier reachable,
            Supplier<ShareConsumer<String, byte[]>> consumers,
            String topic,
            DeliveryLoop loop,
            Clock clock,
            int most) {
        this.reachable = reachable;
        this.consumers = consumers;
        this.topic = topic;
        this.loop = loop;
        this.clock = clock;
        this.free = new Semaphore(most);
        this.thread = Thread.ofPlatform().name("webhook-retries").unstarted(this::run);
    }

    /** Begins taking retries. */
    public void start() {
        thread.start();
    }

    /** Takes nothing more and leaves the group. */
    public void stop(Duration limit) throws InterruptedException {
        stopped.countDown();
        thread.join(limit);
    }

    private boolean stopping() {
        return stopped.getCount() == 0;
    }

    private void run() {
        while (!stopping()) {
            if (!reachable.getAsBoolean()) {
                pause();
                continue;
            }
            try (ShareConsumer<String, byte[]> consumer = consumers.get()) {
                consumer.subscribe(List.of(topic));
                BrokerLink link = new BrokerLink(consumer.metrics());
                while (!stopping() && !link.isCut(System.nanoTime())) {
                    for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                        take(record);
                        consumer.acknowledge(record, AcknowledgeType.ACCEPT);
                    }
                    consumer.commitAsync();
                }
                if (stopping()) {
                    consumer.commitSync();
                } else {
                    LOG.atWarn().log("no broker: beginning anew when one is back");
                    consumer.close(Duration.ZERO); // nobody is there to be told
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("taking retries failed, beginning again");
                pause();
            }
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        DeliveryOrder order;
        try {
            order = DeliveryHeaders.readOrder(record.headers());
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("order cannot be read and is left out");
            return;
        }
        // Past its time: the scheduler has ordered the message again, or will.
        if (record.value() != null && clock.instant().isBefore(order.validUntil())) {
            free.acquire();
            loop.retry(order, record.value(), free::release);
        }
    }

    private void pause() {
        try {
            stopped.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }
}
