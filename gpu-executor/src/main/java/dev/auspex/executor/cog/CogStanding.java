package dev.auspex.executor.cog;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How one server stands, from what it said last and from who waits for it. Safe for any thread. */
final class CogStanding {

    private static final String ABSENT = "absent";
    private static final String STARTING = "starting";
    private static final String WAITING = "waiting";
    private static final String SETUP_FAILED = "setup_failed";

    /** All there are. */
    static final List<String> STATES = Stream.concat(
                    Arrays.stream(CogHealth.Status.values()).map(CogStanding::word), Stream.of(WAITING, ABSENT))
            .toList();

    private final CogPlace place;
    private final Clock clock;
    private CogPlace.@Nullable Home home;
    private CogHealth.@Nullable Status status;
    private int waiting;
    private boolean setupFailed;
    private @Nullable String problem;
    private long heardAtNanos = System.nanoTime();
    private String state = ABSENT;
    private Instant since;

    /**
     * A state and since when it is so.
     *
     * @param state Cog's word in lower case; {@code waiting} for room, or {@code absent}
     * @param problem why it could not be used when that was tried last; {@code null} if it could
     */
    record State(String state, Instant since, @Nullable String problem) {}

    CogStanding(CogPlace place, Clock clock) {
        this.place = place;
        this.clock = clock;
        this.since = clock.instant();
    }

    /** A server said how it is. */
    synchronized void heard(CogPlace.Home said, CogHealth.Status now) {
        home = said;
        status = now;
        heardAtNanos = System.nanoTime();
        if (now == CogHealth.Status.READY || now == CogHealth.Status.BUSY) {
            problem = null;
            setupFailed = false;
        }
        update();
    }

    /** Nobody answers. */
    synchronized void silent() {
        status = null;
        heardAtNanos = System.nanoTime();
        update();
    }

    /** Somebody begins to wait for it. */
    synchronized void waits() {
        waiting++;
        update();
    }

    /** Somebody waits no longer. */
    synchronized void waitsNoMore() {
        waiting--;
        update();
    }

    /** It could not be used. @param setup whether its set-up is to blame */
    synchronized void failed(String why, boolean setup) {
        problem = why;
        setupFailed = setup;
        update();
    }

    /** Whether somebody waits for it, and so asks how it is. */
    synchronized boolean isAwaited() {
        return waiting > 0;
    }

    /** When it was last known whether it answers, by {@link System#nanoTime}. */
    synchronized long heardAtNanos() {
        return heardAtNanos;
    }

    /** Whether it can take predictions, as far as is known. */
    synchronized boolean stands() {
        return switch (known()) {
            case READY, BUSY, UNHEALTHY -> true;
            case UNKNOWN, STARTING, SETUP_FAILED, DEFUNCT -> false;
            case null -> false;
        };
    }

    synchronized State state() {
        update();
        return new State(state, since, problem);
    }

    private CogHealth.@Nullable Status known() {
        return home != null && home.equals(place.there()) ? status : null;
    }

    private static String word(CogHealth.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private void update() {
        CogHealth.Status known = known();
        String now = known != null ? word(known) : unheard();
        if (!now.equals(state)) {
            state = now;
            since = clock.instant();
        }
    }

    private String unheard() {
        if (place.isWaiting()) {
            return WAITING;
        }
        return waiting > 0 ? STARTING : setupFailed ? SETUP_FAILED : ABSENT;
    }
}
