package dev.auspex.router.replay;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.topic.SnapshotHeaders;

/**
 * The newest snapshot of an ended prediction.
 *
 * @param id the prediction
 * @param headers of the record
 * @param body the API's JSON, unread
 */
record Candidate(PredictionId id, SnapshotHeaders headers, byte[] body) {}
