package dev.auspex.dispatcher.log;

import dev.auspex.protocol.delivery.DeliveryResult;

/**
 * One line of the log.
 *
 * @param position where it stands
 * @param result what happened
 */
public record LogEntry(LogPosition position, DeliveryResult result) {}
