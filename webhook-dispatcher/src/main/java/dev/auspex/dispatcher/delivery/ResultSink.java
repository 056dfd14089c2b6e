package dev.auspex.dispatcher.delivery;

import dev.auspex.protocol.delivery.DeliveryResult;
import org.jspecify.annotations.Nullable;

/** Where results are made durable. */
@FunctionalInterface
public interface ResultSink {

    /**
     * Writes a result. Never blocks, never gives up; any thread.
     *
     * @param body of the message if the scheduler does not have it yet and has to keep it; else {@code null}
     * @param durable called by another thread once the result cannot be lost any more
     */
    void append(DeliveryResult result, byte @Nullable [] body, Runnable durable);
}
