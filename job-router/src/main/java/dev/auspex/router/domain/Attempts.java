package dev.auspex.router.domain;

import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.event.AttemptEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who has tried to run a prediction. Immutable.
 *
 * @param current the attempt whose output is shown; {@code null} before the first
 * @param executor who makes it; {@code null} before the first
 * @param count how many attempts were seen
 * @param superseded earlier attempts, newest last: what they still report is recognised by name and not by comparing
 *     ids, because executors' clocks differ
 */
public record Attempts(
        @Nullable AttemptId current, @Nullable ExecutorId executor, int count, List<AttemptId> superseded) {

    /** Before the first one. */
    public static final Attempts NONE = new Attempts(null, null, 0, List.of());

    /** How many earlier attempts are remembered. More tries than that end in the dead letters long before. */
    private static final int MAX_SUPERSEDED = 16;

    /** Copies the list. */
    public Attempts {
        superseded = List.copyOf(superseded);
    }

    /** These attempts with the event's as the current one. */
    public Attempts with(AttemptEvent event) {
        if (event.attempt().equals(current)) {
            return this;
        }
        boolean known = superseded.contains(event.attempt());
        List<AttemptId> earlier = superseded;
        if (current != null) {
            earlier = new ArrayList<>(superseded);
            earlier.remove(event.attempt());
            earlier.add(current);
            earlier = earlier.subList(Math.max(0, earlier.size() - MAX_SUPERSEDED), earlier.size());
        }
        return new Attempts(event.attempt(), event.executor(), known ? count : count + 1, earlier);
    }

    /** Whether a newer attempt has taken over from the event's. */
    public boolean haveSuperseded(AttemptEvent event) {
        return superseded.contains(event.attempt());
    }
}
