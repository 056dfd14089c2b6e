package dev.auspex.dispatcher.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers for an hour who answered 410: nothing more is sent there. In memory only: after a restart a receiver is asked
 * once more. One thread.
 */
public final class GoneReceivers {

    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Map<String, Instant> until;

    /** @param most how many are remembered */
    public GoneReceivers(int most) {
        this.until = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                return size() > most;
            }
        };
    }

    /** It has just answered 410. */
    public void add(String receiver, Instant now) {
        until.put(receiver, now.plus(REMEMBERED));
    }

    /** Whether it is gone. */
    public boolean contains(String receiver, Instant now) {
        Instant end = until.get(receiver);
        if (end != null && !now.isBefore(end)) {
            until.remove(receiver);
            return false;
        }
        return end != null;
    }
}
