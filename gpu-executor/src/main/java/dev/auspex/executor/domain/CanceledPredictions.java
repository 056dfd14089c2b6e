package dev.auspex.executor.domain;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The predictions somebody canceled, as long as their jobs can still be in a topic: an id tells when it was made, so old
 * ones leave by themselves. Safe for any thread.
 */
public final class CanceledPredictions {

    private static final int PRUNE_EVERY = 1024;

    private final Map<PredictionId, AccountId> owners = new ConcurrentHashMap<>();
    private final Duration retention;
    private final Clock clock;
    private int added;

    /** @param retention how long a job can stay in its topic */
    public CanceledPredictions(Duration retention, Clock clock) {
        this.retention = retention;
        this.clock = clock;
    }

    /** Remembers a cancellation. @param account who asked; another account's predictions are not touched by it */
    public void add(PredictionId prediction, AccountId account) {
        if (expired(prediction, clock.instant())) {
            return;
        }
        owners.put(prediction, account);
        synchronized (this) {
            if (++added % PRUNE_EVERY != 0) {
                return;
            }
        }
        Instant now = clock.instant();
        owners.keySet().removeIf(id -> expired(id, now));
    }

    /** Whether the prediction's owner canceled it. */
    public boolean contains(PredictionId prediction, AccountId account) {
        return account.equals(owners.get(prediction));
    }

    /** How many are remembered. */
    public int size() {
        return owners.size();
    }

    private boolean expired(PredictionId id, Instant now) {
        return id.createdAt().plus(retention).isBefore(now);
    }
}
