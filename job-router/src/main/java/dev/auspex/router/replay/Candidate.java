package dev.auspex.router.replay;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.topic.SnapshotHeaders;
import java.io.IOException;
import java.time.Instant;

/**
 * What is known of an ended prediction: its newest snapshot, or its dead letter when that is all there is.
 *
 * @param id the prediction
 * @param headers of the snapshot
 * @param content the rest, unread
 */
record Candidate(PredictionId id, SnapshotHeaders headers, Content content) {

    /** What was submitted. */
    @FunctionalInterface
    interface Content {

        /** Reads it. @param now decides what may still be known @throws IOException if it cannot be read */
        Original read(Instant now) throws IOException;
    }
}
