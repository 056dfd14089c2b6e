package dev.auspex.dispatcher.delivery;

import dev.auspex.dispatcher.domain.OffsetLedger;
import dev.auspex.protocol.delivery.Delivery;

/**
 * A record of the {@code predictions} topic that a webhook asked for.
 *
 * @param delivery the message it becomes
 * @param body the record's value, unchanged
 * @param entry closed when the message is settled or in the scheduler's hands
 */
public record Snapshot(Delivery delivery, byte[] body, OffsetLedger.Entry entry) {

    /** Whether it may be throttled, replaced by a later one, and dropped on failure. */
    boolean intermediate() {
        return switch (delivery.event()) {
            case OUTPUT, LOGS, PROGRESS -> true;
            case START, COMPLETED, QUEUED, RETRYING -> false;
        };
    }
}
