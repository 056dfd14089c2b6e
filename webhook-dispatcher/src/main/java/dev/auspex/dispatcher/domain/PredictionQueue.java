package dev.auspex.dispatcher.domain;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one prediction in order: one under way at a time, and of {@code output} and {@code logs} together at
 * most one per {@link #WINDOW_NANOS}, the latest. Every message holds all that earlier ones did, so any newer one replaces
 * an intermediate one that still waits. A pure state machine; one thread; times are of one monotonic clock.
 *
 * @param <M> the messages
 */
public final class PredictionQueue<M> {

    /** The shortest time between the beginnings of two intermediate messages. */
    public static final long WINDOW_NANOS = 500_000_000L;

    private record Waiting<M>(M message, boolean intermediate) {}

    private final Deque<Waiting<M>> waiting = new ArrayDeque<>(2);
    private boolean underWay;
    private long windowEnd;
    private boolean windowOpen;

    /**
     * Adds a message.
     *
     * @param intermediate whether it may be throttled and replaced
     * @return the message it replaced, which is not sent any more
     */
    public Optional<M> add(M message, boolean intermediate) {
        Waiting<M> last = waiting.peekLast();
        @Nullable M replaced = null;
        if (last != null && last.intermediate()) {
            replaced = waiting.removeLast().message();
        }
        waiting.addLast(new Waiting<>(message, intermediate));
        return Optional.ofNullable(replaced);
    }

    /** The message to send now, which is then under way; empty if there is none or it has to wait. */
    public Optional<M> poll(long now) {
        closeWindow(now);
        Waiting<M> first = waiting.peekFirst();
        if (underWay || first == null || (first.intermediate() && windowOpen)) {
            return Optional.empty();
        }
        waiting.removeFirst();
        underWay = true;
        if (first.intermediate()) {
            windowOpen = true;
            windowEnd = now + WINDOW_NANOS;
        }
        return Optional.of(first.message());
    }

    /** The message under way has been dealt with. */
    public void done() {
        underWay = false;
    }

    /** Nanoseconds until {@link #poll} has to be asked again although nothing else happens; empty if it need not be. */
    public OptionalLong wakeIn(long now) {
        closeWindow(now);
        return windowOpen ? OptionalLong.of(windowEnd - now) : OptionalLong.empty();
    }

    /** Whether it holds nothing that a later message would need to know. */
    public boolean idle(long now) {
        closeWindow(now);
        return !underWay && waiting.isEmpty() && !windowOpen;
    }

    private void closeWindow(long now) {
        if (windowOpen && now - windowEnd >= 0) {
            windowOpen = false;
        }
    }
}
