package dev.auspex.executor.cog;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A Cog server from one start to its end, as far as this executor can tell. What is done to a server is done to the life a
 * prediction ran in, never to the one that came after it. Safe for any thread.
 */
final class CogLife {

    private final CogPlace.Home home;
    private final @Nullable String setupEnd;
    private final ReentrantLock ending = new ReentrantLock();
    private volatile @Nullable CogSchema schema;
    private volatile Slots slots = Slots.UNKNOWN;
    private volatile boolean over;
    private volatile boolean sacrificed;

    /** How many predictions it runs at once, which no server says. */
    private enum Slots {
        UNKNOWN,
        ONE,
        SEVERAL
    }

    /** @param setupEnd when its set-up ended, in the server's words */
    CogLife(CogPlace.Home home, @Nullable String setupEnd) {
        this.home = home;
        this.setupEnd = setupEnd;
    }

    CogPlace.Home home() {
        return home;
    }

    /** When its set-up ended, in the server's words; {@code null} if it does not say. */
    @Nullable String setupEnd() {
        return setupEnd;
    }

    /** Whether what was said at its address comes from the next one. */
    boolean isOutlivedBy(CogHealth health) {
        return switch (health.status()) {
            case STARTING, SETUP_FAILED -> true;
            case UNKNOWN, READY, BUSY, DEFUNCT, UNHEALTHY ->
                setupEnd != null && health.setupEnd() != null && !setupEnd.equals(health.setupEnd());
        };
    }

    /** What it takes and gives; {@code null} if that has to be asked. */
    @Nullable CogSchema schema() {
        return schema;
    }

    void schema(@Nullable CogSchema known) {
        schema = known;
    }

    /** It was seen to be busy with a single prediction. Another executor's may have been there, too. */
    void seemsToTakeOne() {
        if (slots == Slots.UNKNOWN) {
            slots = Slots.ONE;
        }
    }

    /** It said that it was free while it ran one. */
    void takesSeveral() {
        slots = Slots.SEVERAL;
    }

    boolean isOneAtATime() {
        return slots == Slots.ONE;
    }

    /** Held by who ends it. */
    ReentrantLock ending() {
        return ending;
    }

    /** It has ended. */
    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** This executor ends it for one prediction's sake: the others in it are not to blame. */
    void sacrifice() {
        sacrificed = true;
    }

    boolean isSacrificed() {
        return sacrificed;
    }
}
