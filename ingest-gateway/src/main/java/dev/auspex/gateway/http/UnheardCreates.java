package dev.auspex.gateway.http;

import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.PredictionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Predictions whose clients went away before they were answered. Official clients then send the same request again without
 * saying so; the first one that does gets the prediction that is there already, and only that one: of two equal requests
 * that were both answered, each is meant. Kept for a short time, by this process only, and never more than so many. Safe
 * for any thread; asking costs one read while there is none.
 */
final class UnheardCreates {

    /** Longer than clients pause before they try again, shorter than people do. */
    static final Duration WINDOW = Duration.ofSeconds(60);
    static final int MAX_ENTRIES = 10_000;

    private final Clock clock;
    /** In the order in which they were lost for the first time. */
    private final Map<ClaimId, Deque<Unheard>> unheard = new LinkedHashMap<>();
    private int size;
    /** For those who only want to know that. */
    private volatile boolean empty = true;

    private record Unheard(PredictionId id, Instant until) {}

    UnheardCreates(Clock clock) {
        this.clock = clock;
    }

    /** Whether there is nothing to take. */
    boolean isEmpty() {
        return empty;
    }

    /** Remembers a prediction whose client has gone. @param request a hash of everything that was asked, and by whom */
    synchronized void add(ClaimId request, PredictionId id) {
        Instant now = clock.instant();
        expire(now);
        if (size >= MAX_ENTRIES) {
            removeEldest();
        }
        unheard.computeIfAbsent(request, key -> new ArrayDeque<>()).addLast(new Unheard(id, now.plus(WINDOW)));
        count(1);
    }

    /** The prediction that an equal request made and was not told of; it is given out once. */
    synchronized Optional<PredictionId> take(ClaimId request) {
        Instant now = clock.instant();
        expire(now);
        Deque<Unheard> equal = unheard.get(request);
        if (equal == null) {
            return Optional.empty();
        }
        dropExpired(equal, now);
        Unheard taken = equal.pollFirst();
        count(taken == null ? 0 : -1);
        if (equal.isEmpty()) {
            unheard.remove(request);
        }
        return Optional.ofNullable(taken).map(Unheard::id);
    }

    // All below are called with the lock.

    private void expire(Instant now) {
        Iterator<Deque<Unheard>> eldest = unheard.values().iterator();
        while (eldest.hasNext()) {
            Deque<Unheard> equal = eldest.next();
            dropExpired(equal, now);
            if (!equal.isEmpty()) {
                return; // most behind it are younger; the others are looked at when they are asked for
            }
            eldest.remove();
        }
    }

    private void dropExpired(Deque<Unheard> equal, Instant now) {
        int before = equal.size();
        equal.removeIf(entry -> !now.isBefore(entry.until()));
        count(equal.size() - before);
    }

    private void removeEldest() {
        Iterator<Deque<Unheard>> eldest = unheard.values().iterator();
        if (eldest.hasNext()) {
            count(-eldest.next().size());
            eldest.remove();
        }
    }

    private void count(int more) {
        size += more;
        empty = size == 0;
    }
}
