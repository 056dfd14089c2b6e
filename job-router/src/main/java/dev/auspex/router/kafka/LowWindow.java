package dev.auspex.router.kafka;

import java.time.Duration;

/**
 * How many jobs of low priority may stand in the queue of one hardware class: as few as keep executors from waiting, because
 * whatever is submitted next stands behind them. Grows while the queue runs empty with others held back, shrinks while more
 * stand in it than are started in {@value #PERIODS_AHEAD} periods. Shared by the tasks of a process; safe for any thread.
 */
final class LowWindow {

    /** Between two looks at how things go: a start and the release that follows take about as long. */
    static final Duration PERIOD = Duration.ofMillis(100);
    /** With one in the queue an executor finds it when the job before ends. */
    static final int SMALLEST = 1;
    static final int LARGEST = 4_096;
    private static final int PERIODS_AHEAD = 4;

    private int size = SMALLEST;
    private int held;
    private int ahead;
    private int started;
    private long periodBegan;

    /** @param nanoTime now, by {@link System#nanoTime} */
    LowWindow(long nanoTime) {
        this.periodBegan = nanoTime;
    }

    /** What a task has brought along, or takes away. @param heldBack jobs @param inQueue let through and not started */
    synchronized void count(int heldBack, int inQueue) {
        held += heldBack;
        ahead += inQueue;
    }

    /** Takes a place in the queue for a job that was held back. @return whether there was one */
    synchronized boolean enter(long nanoTime) {
        look(nanoTime);
        if (ahead >= size) {
            return false;
        }
        held--;
        ahead++;
        return true;
    }

    /** A job in the queue has been started, or has ended without. */
    synchronized void started() {
        ahead--;
        started++;
    }

    private void look(long nanoTime) {
        if (nanoTime - periodBegan < PERIOD.toNanos()) {
            return;
        }
        if (ahead == 0 && held > 0) {
            size = Math.min(2 * size, LARGEST);
        } else if (ahead > SMALLEST + PERIODS_AHEAD * started) {
            size = Math.max(SMALLEST, size / 2);
        }
        started = 0;
        periodBegan = nanoTime;
    }

    /** How many may stand in the queue now. */
    synchronized int size() {
        return size;
    }

    /** How many are held back. */
    synchronized int held() {
        return held;
    }
}
