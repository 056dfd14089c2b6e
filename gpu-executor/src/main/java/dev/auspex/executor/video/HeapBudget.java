package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Memory of this JVM's heap that jobs take together. Each may need all of it; who needs more than is left waits, so that
 * several slots do not end the process. Safe for any thread.
 */
public final class HeapBudget {

    /** Half of this JVM's heap, for all slots. */
    public static final HeapBudget STANDARD = new HeapBudget(Runtime.getRuntime().maxMemory() / 2);

    private static final int UNIT = 1 << 20;
    private static final long POLL_MILLIS = 50;

    private final long bytes;
    private final Semaphore units;

    /** @param bytes at least a mebibyte */
    public HeapBudget(long bytes) {
        this.bytes = bytes;
        this.units = new Semaphore(units(bytes), true);
    }

    /** What a job may take at most. */
    public long bytes() {
        return bytes;
    }

    /** A part of it; the job's until it is closed. */
    public interface Share extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for a part.
     *
     * @param needed at most {@link #bytes}
     * @throws CanceledException from the checkpoint, meanwhile
     */
    public Share take(long needed, Checkpoint checkpoint) throws CanceledException {
        int wanted = units(needed);
        acquire(units, wanted, checkpoint);
        return () -> units.release(wanted);
    }

    /** Waits for permits. @throws CanceledException from the checkpoint, or if the thread is interrupted */
    static void acquire(Semaphore permits, int wanted, Checkpoint checkpoint) throws CanceledException {
        try {
            while (!permits.tryAcquire(wanted, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                checkpoint.check();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CanceledException();
        }
    }

    // Rounded down for all and for each, or the one that needs all would wait for ever.
    private static int units(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / UNIT);
    }
}
