package dev.auspex.dispatcher.kafka;

import dev.auspex.protocol.delivery.Delivery;

/**
 * A message that waits for its next attempt: what the scheduler's store holds beside the body.
 *
 * @param delivery the message
 * @param attempts how many have been made
 * @param postponed how often in a row it was put off
 * @param dueMillis when to order the next attempt, milliseconds of Unix time: the next attempt's time, or the end of an
 *     order that is out
 */
record PendingDelivery(Delivery delivery, int attempts, int postponed, long dueMillis) {

    /** The same at another time. */
    PendingDelivery due(long millis) {
        return new PendingDelivery(delivery, attempts, postponed, millis);
    }
}
