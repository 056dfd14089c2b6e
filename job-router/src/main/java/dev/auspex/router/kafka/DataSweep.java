package dev.auspex.router.kafka;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.runtime.config.Keys.DataRetention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Has input, output and logs removed that were kept long enough. Ids sort by time: what an account created too long ago
 * comes first, and what of it has been dealt with is not looked at again. A prediction that ended long after its creation
 * is met in a later pass. Each run looks at a bounded number of keys and the next one goes on where it ended. One thread,
 * the task's.
 */
final class DataSweep {

    private final KeyValueStore<String, byte[]> store;
    private final Map<AccountId, Duration> own = new HashMap<>();
    private final Map<AccountId, Pass> passes = new HashMap<>();
    private final int maxSteps;
    private @Nullable Duration everybody;
    private String position = "";

    /** @param from before it everything is done @param at where the pass is @param left the first key that has to wait */
    private record Pass(String from, String at, @Nullable String left) {}

    /** @param maxSteps how many keys one run may look at */
    DataSweep(KeyValueStore<String, byte[]> store, List<DataRetention> rules, int maxSteps) {
        this.store = store;
        this.maxSteps = maxSteps;
        for (DataRetention rule : rules) {
            if (rule.account() == null) {
                everybody = rule.kept();
            } else {
                own.put(rule.account(), rule.kept());
            }
        }
    }

    /** Does one bounded run. @param remove is given every prediction whose data have to go */
    void run(Instant now, Consumer<Parsed> remove) {
        if (everybody == null && own.isEmpty()) {
            return;
        }
        int steps = 0;
        while (steps < maxSteps) {
            String next = firstKey();
            if (next == null) {
                position = "";
                return;
            }
            AccountId account = StoreKey.account(next);
            Duration kept = own.getOrDefault(account, everybody == null ? Duration.ZERO : everybody);
            if (kept.isPositive()) {
                List<Parsed> due = new ArrayList<>();
                int taken = pass(account, now.minus(kept), maxSteps - steps, due);
                due.forEach(remove);
                steps += taken;
                if (steps >= maxSteps) {
                    return; // the rest of this account first
                }
            }
            steps++;
            position = StoreKey.afterAccount(next);
        }
    }

    private @Nullable String firstKey() {
        try (KeyValueIterator<String, byte[]> entries = store.range(position.isEmpty() ? null : position, null)) {
            return entries.hasNext() ? entries.peekNextKey() : null;
        }
    }

    // Goes on with an account's pass. Returns how many keys were looked at.
    private int pass(AccountId account, Instant oldest, int limit, List<Parsed> due) {
        String first = StoreKey.first(account, null);
        Pass pass = passes.getOrDefault(account, new Pass(first, first, null));
        String left = pass.left();
        int steps = 0;
        try (KeyValueIterator<String, byte[]> entries = store.range(pass.at(), StoreKey.last(account, null))) {
            while (entries.hasNext()) {
                String key = entries.peekNextKey();
                boolean young = StoreKey.createdAt(key).map(created -> !created.isBefore(oldest)).orElse(false);
                if (young || steps == limit) {
                    passes.put(account, young ? begin(left == null ? key : left) : new Pass(pass.from(), key, left));
                    return steps;
                }
                steps++;
                KeyValue<String, byte[]> entry = entries.next();
                if (!isDone(entry, oldest, due) && left == null) {
                    left = key;
                }
            }
        }
        passes.put(account, begin(left == null ? pass.at() : left));
        return steps;
    }

    private static Pass begin(String at) {
        return new Pass(at, at, null);
    }

    private static boolean isDone(KeyValue<String, byte[]> entry, Instant oldest, List<Parsed> due) {
        if (StateCodec.isDataRemoved(entry.value)) {
            return true;
        }
        if (!(StateCodec.decode(entry.value).state() instanceof PredictionState.Known known)
                || known.result().completedAt() == null
                || !known.result().completedAt().isBefore(oldest)) {
            return false;
        }
        due.add(new Parsed(
                known.job().account(), known.job().id(), new PredictionInput.DataExpired(),
                Serdes.JOB.serialize(known.job().withoutInput())));
        return true;
    }
}
