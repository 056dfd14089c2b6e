package dev.auspex.dispatcher.delivery;

/**
 * How much may be under way.
 *
 * @param total requests to hosts that answer
 * @param perHost requests to one host
 */
public record DeliveryLimits(int total, int perHost) {}
