package dev.auspex.router.kafka;

import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * When every running attempt was last heard of. In memory only: an attempt that is quick never gets here, and a write for
 * every renewal would cost more than the silence it finds. What a task does not know when it begins it looks up in its
 * store, a little at a time, and gives everybody the whole time anew. Belongs to one task and its thread; its time is
 * {@link TaskTime#heardUntil}.
 */
final class SilenceWatch {

    private static final int SCAN_STEPS = 256;

    private final Duration limit;
    /** The one that was silent longest is first. */
    private final LinkedHashMap<String, Heard> running = new LinkedHashMap<>(64, 0.75f, true);
    /** Where to go on looking; {@code null} once the whole store has been seen. */
    private @Nullable String position = "";

    private record Heard(AttemptId attempt, long at) {}

    /** An attempt nothing was heard of. @param prediction the key of its state */
    record Silent(String prediction, AttemptId attempt) {}

    SilenceWatch(Duration limit) {
        this.limit = limit;
    }

    /** An input has been applied, or refused. @param after the state now */
    void heard(String prediction, PredictionInput input, PredictionState after, long now) {
        AttemptId attempt = running(after);
        if (attempt == null) {
            if (!running.isEmpty()) {
                running.remove(prediction);
            }
        } else if (input instanceof PredictionInput.AttemptReported(AttemptEvent event)
                && event.attempt().equals(attempt)) {
            running.put(prediction, new Heard(attempt, now));
        }
    }

    /** Those that were silent for too long. */
    List<Silent> silent(long now) {
        List<Silent> silent = new ArrayList<>();
        for (Map.Entry<String, Heard> eldest : running.entrySet()) {
            if (now - eldest.getValue().at() <= limit.toMillis()) {
                break;
            }
            silent.add(new Silent(eldest.getKey(), eldest.getValue().attempt()));
        }
        return silent;
    }

    /** The prediction is gone or its attempt is: nothing more is expected of it. */
    void forget(String prediction) {
        running.remove(prediction);
    }

    /** Looks at some more of the store. @return whether there is more */
    boolean scan(KeyValueStore<String, byte[]> store, long now) {
        if (position == null) {
            return false;
        }
        try (KeyValueIterator<String, byte[]> entries = store.range(position.isEmpty() ? null : position, null)) {
            for (int steps = 0; entries.hasNext(); steps++) {
                if (steps == SCAN_STEPS) {
                    position = entries.peekNextKey();
                    return true;
                }
                KeyValue<String, byte[]> entry = entries.next();
                AttemptId attempt = StateCodec.isRunning(entry.value)
                        ? running(StateCodec.decode(entry.value).state())
                        : null;
                if (attempt != null && !running.containsKey(entry.key)) {
                    running.put(entry.key, new Heard(attempt, now));
                }
            }
        }
        position = null;
        return false;
    }

    private static @Nullable AttemptId running(PredictionState state) {
        return state instanceof PredictionState.Known known && known.isRunning() ? known.attempts().current() : null;
    }
}
