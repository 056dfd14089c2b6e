package dev.auspex.dispatcher.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps rates: so many in a second, of which as many may come at once. Whoever is refused is told a time that nobody else
 * was told, so that those who come back find room. A pure state machine; one thread.
 */
public final class Pace {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final class Meter {
        /** When as many will have gone through as the rate allows (GCRA's theoretical arrival time). */
        private Instant used = Instant.MIN;
        /** The latest time that was given to somebody who was refused. */
        private Instant promised = Instant.MIN;
    }

    private final Map<String, Meter> meters;

    /** @param most how many are remembered */
    public Pace(int most) {
        this.meters = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Meter> eldest) {
                return size() > most;
            }
        };
    }

    /** Whether one more may go now: empty if so, and it counts; else when to come back. */
    public Optional<Instant> ask(String name, int perSecond, Instant now) {
        Meter meter = meters.computeIfAbsent(name, key -> new Meter());
        Duration interval = SECOND.dividedBy(perSecond);
        Instant next = later(meter.used, now).plus(interval);
        if (!next.isAfter(now.plus(SECOND))) {
            meter.used = next;
            return Optional.empty();
        }
        meter.promised = later(meter.promised, now.plus(SECOND)).plus(interval);
        return Optional.of(meter.promised);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
