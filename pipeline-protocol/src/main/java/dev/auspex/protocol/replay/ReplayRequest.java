package dev.auspex.protocol.replay;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import java.time.Instant;

/**
 * A replay as it was accepted. Immutable; safe for any thread.
 *
 * @param id names the replay; has the form of a prediction's id, but its time means nothing if it comes from an
 *     idempotency key
 * @param account whose predictions are replayed, taken from the caller's token
 * @param spec what to do
 * @param createdAt when it was accepted
 * @param baseUrl the API's public address without a trailing slash, for the addresses of the new predictions
 */
public record ReplayRequest(
        PredictionId id, AccountId account, ReplaySpec spec, Instant createdAt, String baseUrl) {}
