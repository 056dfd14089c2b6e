package dev.auspex.gateway.stream;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.runtime.kafka.TopicTail;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Passes the live events of predictions to who listens: one reader per gateway, however many streams are open. Records
 * nobody listens to are not decoded. Also tells of commands, because the router ends a queued prediction without any
 * event. Safe for any thread.
 *
 * <p>A listener that asks the router after subscribing can still miss an event that this hub read just before and the
 * router just after; so the last few megabytes of records are repeated to every new listener.
 */
public final class EventHub {

    /** What a prediction's stream is told, on the hub's threads: hand over and return. */
    interface Listener {
        /** In the topic's order; events may be repeated. */
        void onEvent(AttemptEvent event);

        /** Somebody asked for something about the prediction, such as its cancellation. */
        void onCommand();
    }

    /** Ends listening. */
    @FunctionalInterface
    interface Subscription {
        void close();
    }

    private static final int MEMORY_BYTES = 8 << 20;
    private static final int RECORD_OVERHEAD = 200;

    private final TopicTail events;
    private final TopicTail commands;
    private final String commandsTopic;
    private final Map<String, List<Listener>> listeners = new HashMap<>();
    private final Deque<ConsumerRecord<String, byte[]>> recent = new ArrayDeque<>();
    private long recentBytes;

    /** Makes the readers; {@link #start} begins. */
    public EventHub(ServiceContext context) {
        this.commandsTopic = context.topics().commands();
        this.events = tail(context, context.topics().events());
        this.commands = tail(context, commandsTopic);
    }

    private TopicTail tail(ServiceContext context, String topic) {
        return new TopicTail(
                context.kafka().consumer("streams-" + topic, Map.of()),
                topic,
                context.topics().settings().partitions(),
                TopicTail.From.END,
                this::dispatch);
    }

    /** Begins to follow the topics from their present end. Streams opened before {@link #ready} may begin late. */
    public void start() {
        events.start();
        commands.start();
    }

    /** Completes when everything written from now on will be seen. */
    public CompletableFuture<Void> ready() {
        return CompletableFuture.allOf(events.caughtUp(), commands.caughtUp());
    }

    /** Why streams are not live yet; empty when they are. */
    public List<String> problems() {
        CompletableFuture<Void> ready = ready();
        if (ready.isCompletedExceptionally()) {
            return List.of("live events cannot be read");
        }
        return ready.isDone() ? List.of() : List.of("waiting for the events topic");
    }

    /** Ends both readers. */
    public void stop(Duration limit) throws InterruptedException {
        events.stop(limit);
        commands.stop(limit);
    }

    /** Begins to listen; recent records come first, before this returns. */
    synchronized Subscription subscribe(PredictionId prediction, Listener listener) {
        String key = prediction.value();
        recent.stream().filter(record -> key.equals(record.key())).forEach(record -> deliver(record, List.of(listener)));
        listeners.computeIfAbsent(key, first -> new CopyOnWriteArrayList<>()).add(listener);
        return () -> unsubscribe(key, listener);
    }

    /** How many predictions are listened to. */
    synchronized int size() {
        return listeners.size();
    }

    private synchronized void unsubscribe(String key, Listener listener) {
        listeners.computeIfPresent(key, (id, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    private synchronized void dispatch(ConsumerRecord<String, byte[]> record) {
        String key = record.key();
        if (key == null || record.value() == null || !PredictionId.isValid(key)) {
            return;
        }
        remember(record);
        List<Listener> interested = listeners.get(key);
        if (interested != null) {
            deliver(record, interested);
        }
    }

    private void deliver(ConsumerRecord<String, byte[]> record, List<Listener> to) {
        if (record.topic().equals(commandsTopic)) {
            to.forEach(Listener::onCommand);
            return;
        }
        AttemptEvent event = read(record.value());
        if (event != null) {
            to.forEach(listener -> listener.onEvent(event));
        }
    }

    // The router reports records that cannot be read; here they are only passed over.
    private static @Nullable AttemptEvent read(byte[] value) {
        try {
            return Serdes.EVENT.deserialize(value);
        } catch (SerializationException e) {
            return null;
        }
    }

    private void remember(ConsumerRecord<String, byte[]> record) {
        recent.addLast(record);
        recentBytes += sizeOf(record);
        while (recentBytes > MEMORY_BYTES) {
            recentBytes -= sizeOf(recent.removeFirst());
        }
    }

    private static long sizeOf(ConsumerRecord<String, byte[]> record) {
        return (long) record.value().length + RECORD_OVERHEAD;
    }
}
