package dev.auspex.dispatcher.domain;

import dev.auspex.protocol.delivery.DeliveryTrace;

/**
 * One request to a receiver, when it is over.
 *
 * @param outcome how it ended
 * @param trace what was seen of it
 */
public record AttemptReport(AttemptOutcome outcome, DeliveryTrace trace) {}
