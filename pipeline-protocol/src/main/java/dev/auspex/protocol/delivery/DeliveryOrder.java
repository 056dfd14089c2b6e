package dev.auspex.protocol.delivery;

import java.time.Instant;

/**
 * A retry that is due: header of a {@code deliveries} record, whose value is the body. The scheduler keeps the message
 * until its result arrives, and orders again when none does: whoever finds an order past {@code validUntil} leaves it.
 *
 * @param delivery the message
 * @param attempt the number of the attempt to make, from 1
 * @param postponed how often in a row it was put off without an attempt
 * @param validUntil when the scheduler gives up waiting for a result of this order
 */
public record DeliveryOrder(Delivery delivery, int attempt, int postponed, Instant validUntil) {}
