package dev.auspex.dispatcher.delivery;

import dev.auspex.protocol.delivery.Delivery;

/**
 * An attempt to be made.
 *
 * @param delivery the message
 * @param attempt its number, from 1
 * @param postponed how often in a row it was put off before
 * @param body sent as it is; not to be changed
 */
public record Assignment(Delivery delivery, int attempt, int postponed, byte[] body) {

    /** The same attempt for a message whose address has changed. */
    Assignment with(Delivery now) {
        return now == delivery ? this : new Assignment(now, attempt, postponed, body);
    }
}
