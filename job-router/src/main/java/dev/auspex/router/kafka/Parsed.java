package dev.auspex.router.kafka;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.router.domain.PredictionInput;
import org.jspecify.annotations.Nullable;

/**
 * A record that was read once, whole.
 *
 * @param account whose prediction
 * @param id which prediction
 * @param input what happens to it
 * @param job the record's bytes if it is a job
 */
record Parsed(AccountId account, PredictionId id, PredictionInput input, byte @Nullable [] job) {

    /** Something that happens without a record. @param key of the state */
    static Parsed of(String key, PredictionInput input) {
        return new Parsed(StoreKey.account(key), StoreKey.id(key), input, null);
    }

    String key() {
        return StoreKey.of(account, id);
    }
}
