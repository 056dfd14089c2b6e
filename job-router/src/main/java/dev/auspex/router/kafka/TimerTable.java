package dev.auspex.router.kafka;

import dev.auspex.router.domain.PredictionState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The predictions to which something happens at a certain time, in the order of time. There is exactly one entry for
 * every state with a {@code wakeAt}, and nothing is written for the others. Belongs to one task and its thread.
 */
final class TimerTable {

    private static final byte[] NOTHING = {1};
    private static final int DIGITS = 16;

    private final KeyValueStore<String, byte[]> store;
    /** No entry is due before this; until then nothing has to be looked up. */
    private long quietUntil = Long.MIN_VALUE;
    /** No entry has a name before this: looking from here passes over what was deleted, which a database keeps for long. */
    private @Nullable String first;

    /** @param name in the store @param prediction whose timer it is, by the key of its state */
    record Timer(String name, String prediction) {}

    TimerTable(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /** Keeps the timer of a prediction that has moved in step. */
    void moved(String prediction, PredictionState before, PredictionState after) {
        Instant was = wakeAt(before);
        Instant is = wakeAt(after);
        if (Objects.equals(was, is)) {
            return;
        }
        if (was != null) {
            store.delete(name(was, prediction));
        }
        if (is != null) {
            String name = name(is, prediction);
            store.put(name, NOTHING);
            quietUntil = Math.min(quietUntil, millis(is));
            first = first == null || first.compareTo(name) < 0 ? first : name;
        }
    }

    /** Timers whose time has come, the oldest first; {@link #fired} has to follow for each. */
    List<Timer> due(long now, int limit) {
        if (now < quietUntil) {
            return List.of();
        }
        List<Timer> due = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = store.range(first, null)) {
            while (entries.hasNext() && due.size() < limit) {
                KeyValue<String, byte[]> entry = entries.next();
                first = due.isEmpty() ? entry.key : first;
                long millis = HexFormat.fromHexDigitsToLong(entry.key, 0, DIGITS);
                if (millis > now) {
                    quietUntil = due.isEmpty() ? millis : now;
                    return due;
                }
                due.add(new Timer(entry.key, entry.key.substring(DIGITS + 1)));
            }
        }
        quietUntil = due.isEmpty() ? Long.MAX_VALUE : now;
        return due;
    }

    /** A timer has fired: it stays only if the state still waits for this very time. */
    void fired(Timer timer, PredictionState after) {
        Instant is = wakeAt(after);
        if (is == null || !name(is, timer.prediction()).equals(timer.name())) {
            store.delete(timer.name());
        } else {
            quietUntil = Math.min(quietUntil, millis(is));
        }
    }

    private static @Nullable Instant wakeAt(PredictionState state) {
        return state instanceof PredictionState.Known known ? known.wakeAt() : null;
    }

    private static String name(Instant at, String prediction) {
        return HexFormat.of().toHexDigits(millis(at)) + '/' + prediction;
    }

    // Never before the time: what is left of a millisecond is added.
    private static long millis(Instant at) {
        return at.getNano() % 1_000_000 == 0 ? at.toEpochMilli() : at.toEpochMilli() + 1;
    }
}
