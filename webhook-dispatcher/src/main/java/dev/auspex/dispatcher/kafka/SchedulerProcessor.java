package dev.auspex.dispatcher.kafka;

import dev.auspex.protocol.delivery.DeliveryHeaders;
import dev.auspex.protocol.delivery.DeliveryOrder;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.MessageId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps messages until they are settled. A result with another attempt to come makes a message wait; when its time is
 * there, an order for the attempt goes out and the message waits on, for the result or for the order's end. The task's
 * thread only.
 */
final class SchedulerProcessor implements Processor<String, byte[], String, byte[]> {

    static final String STORE = "pending";
    /** How long an order may take: an attempt of at most 16 s, and some queueing. */
    static final Duration ORDER_TIME = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(SchedulerProcessor.class);
    /** Orders of one partition that may be out: what is due beyond that stays in the store. */
    private static final int MOST_OUT = 1000;
    private static final int MOST_AT_ONCE = 500;
    /** The timer's longest period; a clock that was set is noticed after that. */
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    private final Clock clock;
    private final AtomicLong waiting;
    private final Set<MessageId> out = new HashSet<>();
    private @Nullable Work work;

    /** What exists between init and close. */
    private record Work(ProcessorContext<String, byte[]> context, PendingStore store) {}

    private @Nullable Cancellable timer;
    private long timerMillis;
    private long counted;

    /** @param waiting counts the messages of all tasks */
    SchedulerProcessor(Clock clock, AtomicLong waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(STORE);
        Work begun = new Work(context, new PendingStore(store));
        work = begun;
        begun.store().next().ifPresent(due -> setTimer(begun, due));
        count(begun.store().size());
    }

    @Override
    public void process(Record<String, byte[]> record) {
        Work now = Objects.requireNonNull(work);
        if (record.value() == null && now.store().size() == 0) {
            return; // without a body it can only change a message that waits: the usual case, and the cheap one
        }
        DeliveryResult result;
        try {
            result = DeliveryHeaders.readResult(record.headers());
        } catch (SerializationException e) {
            LOG.atWarn().addKeyValue("task", now.context().taskId()).log("result cannot be read and is left out");
            return;
        }
        if (apply(now.store(), result, record.value())) {
            count(now.store().size());
            now.store().next().ifPresent(due -> setTimer(now, due));
        }
    }

    /** @return whether anything changed */
    private boolean apply(PendingStore store, DeliveryResult result, byte @Nullable [] body) {
        MessageId id = result.delivery().id();
        PendingDelivery known = store.find(id);
        Instant next = result.nextAttemptAt();
        if (next == null) {
            out.remove(id);
            if (known != null) {
                store.remove(known);
            }
            return known != null;
        }
        PendingDelivery after = new PendingDelivery(
                result.delivery(), result.attempt(), result.postponed(), next.toEpochMilli());
        if (known == null) {
            // Without a body it is the echo of an order whose message has been settled since.
            if (body != null) {
                store.add(after, body);
            }
            return body != null;
        }
        if (result.outcome() == Outcome.REQUESTED) {
            return bringForward(store, known, next.toEpochMilli());
        }
        // With a body it is a first attempt repeated after a crash: the message waits already.
        boolean newer = body == null && result.attempt() >= known.attempts();
        if (newer) {
            out.remove(id);
            store.replace(known, after);
        }
        return newer;
    }

    // One that is out is on its way already.
    private boolean bringForward(PendingStore store, PendingDelivery known, long millis) {
        boolean earlier = millis < known.dueMillis() && !out.contains(known.delivery().id());
        if (earlier) {
            store.replace(known, known.due(millis));
        }
        return earlier;
    }

    private void tick(long timestamp) {
        Work now = Objects.requireNonNull(work);
        cancelTimer();
        long millis = clock.millis();
        for (MessageId id : now.store().due(millis, MOST_AT_ONCE)) {
            if (out.size() < MOST_OUT || out.contains(id)) {
                order(now, id, millis);
            }
        }
        OptionalLong due = now.store().next();
        if (due.isPresent()) {
            // With too many orders out the next result, or the end of an order, goes on.
            setTimer(now, Math.max(due.getAsLong(), millis + (out.size() < MOST_OUT ? 0 : 1000)));
        }
    }

    private void order(Work now, MessageId id, long millis) {
        PendingDelivery pending = now.store().find(id);
        if (pending == null) {
            throw new IllegalStateException("the index names a message that does not wait: " + id);
        }
        long end = millis + ORDER_TIME.toMillis();
        DeliveryOrder order = new DeliveryOrder(
                pending.delivery(), pending.attempts() + 1, pending.postponed(), Instant.ofEpochMilli(end));
        RecordHeaders headers = new RecordHeaders();
        DeliveryHeaders.write(order, headers);
        byte[] body = now.store().body(id);
        now.store().replace(pending, pending.due(end));
        out.add(id);
        now.context().forward(new Record<>(pending.delivery().prediction().value(), body, millis, headers));
    }

    // A timer only while something waits: every tick of one costs a transaction.
    private void setTimer(Work now, long dueMillis) {
        long wait = Math.clamp(dueMillis - clock.millis(), 1, LONGEST_WAIT_MILLIS);
        long at = clock.millis() + wait;
        if (timer != null && timerMillis <= at) {
            return;
        }
        cancelTimer();
        timerMillis = at;
        timer = now.context().schedule(Duration.ofMillis(wait), PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void count(long size) {
        waiting.addAndGet(size - counted);
        counted = size;
    }

    @Override
    public void close() {
        cancelTimer();
        count(0);
        out.clear();
        work = null;
    }
}
